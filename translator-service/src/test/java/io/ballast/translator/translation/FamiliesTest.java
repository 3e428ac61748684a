package io.ballast.translator.translation;

import static io.ballast.schemas.contract.IpFamily.IPV4;
import static io.ballast.schemas.contract.IpFamily.IPV6;
import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AddressClaim;
import io.ballast.schemas.contract.AddressType;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.DesiredLoadBalancer;
import io.ballast.schemas.contract.DesiredLoadBalancerBody;
import io.ballast.schemas.contract.DesiredMember;
import io.ballast.schemas.contract.DesiredReason;
import io.ballast.schemas.contract.DesiredState;
import io.ballast.schemas.contract.EndpointSliceSnapshot;
import io.ballast.schemas.contract.GrantedVip;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.LoadBalancerState;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.ObservedVip;
import io.ballast.schemas.contract.OperatingStatus;
import io.ballast.schemas.contract.PortProtocol;
import io.ballast.schemas.contract.ProvisioningStatus;
import io.ballast.schemas.contract.ServiceBody;
import io.ballast.schemas.contract.ServiceKey;
import io.ballast.schemas.contract.ServicePort;
import io.ballast.schemas.contract.ServiceSnapshot;
import io.ballast.schemas.contract.SliceEndpoint;
import io.ballast.schemas.contract.SlicePort;
import io.ballast.schemas.contract.SnapshotState;
import io.ballast.schemas.contract.VipClaim;
import io.ballast.translator.translation.Decision.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A Service whose list of families changes while it has load balancers: PreferDualStack set or taken away. */
class FamiliesTest {
    private static final ServiceKey KEY = new ServiceKey("demo", "shop", "web");
    private static final String V4 = "10.2.0.10";
    private static final String V6 = "fd10:0:0:2::a";

    private @Nullable DesiredLoadBalancer desired;
    private @Nullable AddressClaim claim;
    private @Nullable AddressAllocation allocation;
    private @Nullable LoadBalancerStatus status;
    private ClusterSettings settings = ClusterSettings.DEFAULT;

    @Test
    void aFamilyThatIsAddedGetsALoadBalancerOfItsOwn() {
        // Given
        pass(PortProtocol.TCP, List.of(V4), "1");

        // When
        pass(PortProtocol.TCP, List.of(V4, V6), "1");

        // Then
        assertThat(desired().state()).isEqualTo(DesiredState.PRESENT);
        assertThat(families()).containsExactly(List.of(IPV4), List.of(IPV6));
        assertThat(desired().incarnation()).isEqualTo(1);
        assertThat(claimed()).containsExactly(V4, V6);
        assertThat(members()).containsExactly("10.1.0.1", "fd10:0:0:1::1");

        // When the same is looked at again
        var before = desired();
        pass(PortProtocol.TCP, List.of(V4, V6), "1");

        // Then
        assertThat(desired()).isEqualTo(before);
    }

    @Test
    void aFamilyThatIsTakenAwayGoesWithItsLoadBalancerAndIsClaimedUntilThatIsGone() {
        // Given
        pass(PortProtocol.UDP, List.of(V4, V6), "1");
        assertThat(families()).containsExactly(List.of(IPV4), List.of(IPV6));
        octavia(LoadBalancerPhase.ACTIVE, 1, V4, V6);

        // When
        pass(PortProtocol.UDP, List.of(V4), "1");

        // Then
        assertThat(families()).containsExactly(List.of(IPV4));
        assertThat(claimed()).as("nobody may have it yet").containsExactly(V4, V6);

        // When octavia is at it
        octavia(LoadBalancerPhase.UPDATING, 1, V4);
        pass(PortProtocol.UDP, List.of(V4), "1");
        assertThat(claimed()).containsExactly(V4, V6);
        octavia(LoadBalancerPhase.ACTIVE, 1, V4); // of what was desired before
        pass(PortProtocol.UDP, List.of(V4), "1");
        assertThat(claimed()).containsExactly(V4, V6);
        octavia(LoadBalancerPhase.ACTIVE, 2, V4, V6);
        pass(PortProtocol.UDP, List.of(V4), "1");
        assertThat(claimed()).containsExactly(V4, V6);

        // When octavia is through
        octavia(LoadBalancerPhase.ACTIVE, 2, V4);
        pass(PortProtocol.UDP, List.of(V4), "1");

        // Then
        assertThat(claimed()).containsExactly(V4);
        assertThat(desired().generation()).isEqualTo(2);
    }

    @Test
    void aFamilyThatComesBackWithAnotherVipWaitsUntilTheOldOneIsReleased() {
        // Given
        var other = "fd10:0:0:2::b";
        pass(PortProtocol.UDP, List.of(V4, V6), "1");
        octavia(LoadBalancerPhase.ACTIVE, 1, V4, V6);
        ipam(V4, V6);
        pass(PortProtocol.UDP, List.of(V4), "1");

        // When
        pass(PortProtocol.UDP, List.of(V4, other), "1");

        // Then
        assertThat(desired().state()).isEqualTo(DesiredState.PRESENT);
        assertThat(families()).containsExactly(List.of(IPV4));
        assertThat(claimed()).containsExactly(V4, V6);

        // When octavia is through, and ipam not yet
        octavia(LoadBalancerPhase.ACTIVE, 2, V4);
        pass(PortProtocol.UDP, List.of(V4, other), "1");
        assertThat(claimed()).containsExactly(V4);
        pass(PortProtocol.UDP, List.of(V4, other), "1");
        assertThat(families()).containsExactly(List.of(IPV4));
        ipam(V4);
        pass(PortProtocol.UDP, List.of(V4, other), "1");

        // Then
        assertThat(families()).containsExactly(List.of(IPV4), List.of(IPV6));
        assertThat(claimed()).containsExactly(V4, other);
    }

    @Test
    void aFamilyThatCameBackWithAnotherVipBeforeAnybodyLookedGoesFirst() {
        // Given
        var other = "fd10:0:0:2::b";
        pass(PortProtocol.UDP, List.of(V4, V6), "1");
        octavia(LoadBalancerPhase.ACTIVE, 1, V4, V6);
        ipam(V4, V6);

        // When
        pass(PortProtocol.UDP, List.of(V4, other), "1");

        // Then
        assertThat(desired().state()).isEqualTo(DesiredState.PRESENT);
        assertThat(families()).containsExactly(List.of(IPV4));
        assertThat(claimed()).containsExactly(V4, V6);

        // When octavia and ipam are through
        octavia(LoadBalancerPhase.ACTIVE, 2, V4);
        pass(PortProtocol.UDP, List.of(V4, other), "1");
        ipam(V4);
        pass(PortProtocol.UDP, List.of(V4, other), "1");

        // Then
        assertThat(families()).containsExactly(List.of(IPV4), List.of(IPV6));
        assertThat(claimed()).containsExactly(V4, other);
    }

    @Test
    void anotherVipOfTheFirstFamilyIsRefused() {
        // Given
        pass(PortProtocol.UDP, List.of(V4, V6), "1");

        // When
        pass(PortProtocol.UDP, List.of("10.2.0.99", V6), "1");

        // Then
        assertThat(desired().reason()).isEqualTo(DesiredReason.RECREATE_NEEDED);
        assertThat(claimed()).containsExactly(V4, V6);
    }

    @Test
    void aVipThatSharesItsLoadBalancerCannotGoAndMembersFollow() {
        // Given
        pass(PortProtocol.TCP, List.of(V4, V6), "1");
        assertThat(families()).containsExactly(List.of(IPV4, IPV6));

        // When
        pass(PortProtocol.TCP, List.of(V4), "1", "2");

        // Then
        assertThat(desired().state()).isEqualTo(DesiredState.REFUSED);
        assertThat(desired().reason()).isEqualTo(DesiredReason.RECREATE_NEEDED);
        assertThat(desired().message()).contains("Address families would change from [[IPV4, IPV6]] to [[IPV4]]");
        assertThat(families()).containsExactly(List.of(IPV4, IPV6));
        assertThat(claimed()).containsExactly(V4, V6);
        assertThat(members()).containsExactly("10.1.0.1", "10.1.0.2");

        // When it is taken back
        pass(PortProtocol.TCP, List.of(V4, V6), "1");

        // Then
        assertThat(desired().state()).isEqualTo(DesiredState.PRESENT);
        assertThat(members()).containsExactly("10.1.0.1");
    }

    @Test
    void aRefusalForAnotherReasonLetsNoFamilyComeAndMembersFollow() {
        // Given
        pass(PortProtocol.TCP, List.of(V4), "1");
        settings = settings.with("ovn", settings.memberSubnets());

        // When
        pass(PortProtocol.TCP, List.of(V4, V6), "1", "2");

        // Then
        assertThat(desired().state()).isEqualTo(DesiredState.REFUSED);
        assertThat(families()).containsExactly(List.of(IPV4));
        assertThat(claimed()).containsExactly(V4);
        assertThat(members()).containsExactly("10.1.0.1", "10.1.0.2");
    }

    @Test
    void oneLoadBalancerForEachFamilyStaysSoWhereOneWouldDo() {
        assertThat(Families.next(List.of(List.of(IPV4), List.of(IPV6)), List.of(IPV4, IPV6)))
                .contains(List.of(List.of(IPV4), List.of(IPV6)));
    }

    @Test
    void thePrimaryFamilyNeverChanges() {
        assertThat(Families.next(List.of(List.of(IPV4)), List.of(IPV6))).isEmpty();
        assertThat(Families.next(List.of(List.of(IPV4)), List.of(IPV6, IPV4))).isEmpty();
        assertThat(Families.next(List.of(List.of(IPV4), List.of(IPV6)), List.of(IPV6)))
                .isEmpty();
    }

    /** The Service is said to be so, with pods of these numbers in both families, and the translator has its pass. */
    private void pass(PortProtocol protocol, List<String> clusterIps, String... pods) {
        var body = Fixtures.present("u1").service();
        var snapshot = new ServiceSnapshot(
                SnapshotState.PRESENT,
                Fixtures.CLUSTER,
                "u1",
                "7",
                null,
                dual(Objects.requireNonNull(body), protocol, clusterIps));
        var slices = Stream.of(
                        slice(protocol, AddressType.IPV4, "10.1.0.", pods),
                        slice(protocol, AddressType.IPV6, "fd10:0:0:1::", pods))
                .toList();
        var translated = Translation.translate(KEY, snapshot, slices, Map.of(), settings, desired);
        var decision = Lifecycle.decide(new KeyState(snapshot, translated, desired, claim, allocation, status, null));
        desired = decision.desired() instanceof Write.Put<DesiredLoadBalancer>(var next) ? next : desired;
        claim = decision.claim() instanceof Write.Put<AddressClaim>(var next) ? next : claim;
    }

    private static ServiceBody dual(ServiceBody body, PortProtocol protocol, List<String> clusterIps) {
        return new ServiceBody(
                body.type(),
                body.labels(),
                body.annotations(),
                body.namespaceLabels(),
                body.namespaceAnnotations(),
                true,
                clusterIps,
                clusterIps.size() == 2 ? List.of(IPV4, IPV6) : List.of(IPV4),
                null,
                List.of(new ServicePort(null, protocol, 80, "8080", null, null)),
                null,
                null,
                List.of(),
                body.sessionAffinity(),
                null,
                null,
                null,
                null,
                true,
                false);
    }

    private static EndpointSliceSnapshot slice(PortProtocol protocol, AddressType type, String prefix, String... pods) {
        var endpoints = Stream.of(pods)
                .map(pod -> new SliceEndpoint(List.of(prefix + pod), true, true, false, null, null, null))
                .toList();
        return new EndpointSliceSnapshot(
                Fixtures.CLUSTER, "slice", "1", type, "", List.of(new SlicePort(null, protocol, 8080)), endpoints);
    }

    /** octavia says this of a generation, with a load balancer for each VIP. */
    private void octavia(LoadBalancerPhase phase, long applied, String... vips) {
        var states = new ArrayList<LoadBalancerState>();
        for (var vip : vips) {
            states.add(new LoadBalancerState(
                    "lb-" + vip,
                    "shop/web",
                    "amphora",
                    List.of(new ObservedVip(vip, "port", "subnet")),
                    ProvisioningStatus.ACTIVE,
                    OperatingStatus.ONLINE,
                    List.of(),
                    ""));
        }
        status = new LoadBalancerStatus(
                phase, Fixtures.CLUSTER, "u1", 1, applied, applied, null, "", null, states, List.of());
    }

    private void ipam(String... vips) {
        var granted = Stream.of(vips)
                .map(vip -> new GrantedVip(family(vip), vip, "subnet", "network"))
                .toList();
        allocation = new AddressAllocation(
                AllocationState.GRANTED,
                Fixtures.CLUSTER,
                "u1",
                1,
                1,
                "",
                granted,
                0,
                List.of(),
                List.of(),
                null,
                "",
                null);
    }

    private static IpFamily family(String vip) {
        return vip.indexOf(':') < 0 ? IPV4 : IPV6;
    }

    private DesiredLoadBalancer desired() {
        return Objects.requireNonNull(desired);
    }

    private List<List<IpFamily>> families() {
        return desired().loadBalancers().stream()
                .map(DesiredLoadBalancerBody::families)
                .toList();
    }

    private List<String> claimed() {
        return Objects.requireNonNull(claim).vips().stream()
                .map(VipClaim::address)
                .flatMap(address -> Optional.ofNullable(address).stream())
                .toList();
    }

    private List<String> members() {
        return desired().loadBalancers().stream()
                .flatMap(body -> body.pools().stream())
                .flatMap(pool -> pool.members().stream())
                .map(DesiredMember::address)
                .toList();
    }
}
