package io.ballast.watcher.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AllocationReason;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.AssociatedExternal;
import io.ballast.schemas.contract.ExternalMethod;
import io.ballast.schemas.contract.GrantedExternal;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.LabelSelector;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.LoadBalancerState;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.ObservedListener;
import io.ballast.schemas.contract.ObservedVip;
import io.ballast.schemas.contract.PortProtocol;
import io.ballast.schemas.contract.ServiceType;
import io.ballast.schemas.contract.StatusReason;
import io.ballast.watcher.kafka.Given;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IngressTest {
    private static final AddressAllocation NO_EXTERNAL = Given.allocation(AllocationState.GRANTED, "u1");
    private static final AddressAllocation ONE_EXTERNAL =
            Given.allocation(AllocationState.GRANTED, "u1", "203.0.113.7");

    @Test
    void showsTheVipOfAnInternalLoadBalancer() {
        assertThat(wanted(Map.of(), status(), NO_EXTERNAL, "")).containsExactly(ip("10.2.0.10"));
    }

    @Test
    void showsTheExternalAddressOnceItLeadsToTheLoadBalancer() {
        assertThat(wanted(Map.of(), status(), ONE_EXTERNAL, "")).isEmpty();
        assertThat(wanted(Map.of(), status("203.0.113.7"), ONE_EXTERNAL, "")).containsExactly(ip("203.0.113.7"));
    }

    @Test
    void showsTheOldAddressUntilTheNewOneLeads() {
        var moving =
                Given.allocation(AllocationState.GRANTED, "u1", null, List.of("203.0.113.8"), List.of("203.0.113.7"));

        assertThat(wanted(Map.of(), status("203.0.113.7"), moving, "")).containsExactly(ip("203.0.113.7"));
        assertThat(wanted(Map.of(), status("203.0.113.7", "203.0.113.8"), moving, ""))
                .containsExactly(ip("203.0.113.8"));
    }

    @Test
    void showsWhatAUserAssociatedByHand() {
        var byHand = with(status(), new AssociatedExternal("198.51.100.1", "theirs", false));

        assertThat(wanted(Map.of(), byHand, NO_EXTERNAL, "")).containsExactly(ip("198.51.100.1"));
    }

    @Test
    void showsBothFamilies() {
        var vips = List.of(
                new ObservedVip("10.2.0.10", "port", "subnet"), new ObservedVip("fd10:0:0:2::a", "port", "subnet6"));
        var dual = with(with(status(), vips), new AssociatedExternal("203.0.113.7", "fip", true));

        assertThat(wanted(Map.of(), with(status(), vips), NO_EXTERNAL, ""))
                .containsExactly(ip("10.2.0.10"), ip("fd10:0:0:2::a"));
        assertThat(wanted(Map.of(), dual, ONE_EXTERNAL, "")).containsExactly(ip("203.0.113.7"), ip("fd10:0:0:2::a"));
    }

    @Test
    void showsTheIpv6VipWhereNeutronHasNoExternalOfItsFamily() {
        var vips = List.of(
                new ObservedVip("10.2.0.10", "port", "subnet"), new ObservedVip("fd10:0:0:2::a", "port", "subnet6"));
        var dual = with(with(status(), vips), new AssociatedExternal("203.0.113.7", "fip", true));
        var onlyIpv6 = with(status(), vips.subList(1, 2));
        var unsupported = ipv6(ExternalMethod.POOL, AllocationReason.EXTERNAL_FAMILY_UNSUPPORTED);

        assertThat(wanted(Map.of(), dual, beside(ONE_EXTERNAL, unsupported), ""))
                .containsExactly(ip("203.0.113.7"), ip("fd10:0:0:2::a"));
        assertThat(wanted(Map.of(), onlyIpv6, beside(NO_EXTERNAL, unsupported), ""))
                .as("a Service of IPv6 alone")
                .containsExactly(ip("fd10:0:0:2::a"));
    }

    @ParameterizedTest
    @CsvSource({"POOL,EXTERNAL_POOL_EXHAUSTED", "POOL,NO_EXTERNAL_POOL", "USER,EXTERNAL_FAMILY_UNSUPPORTED"})
    void showsNoVipInPlaceOfAnExternalThatCouldBeHad(ExternalMethod method, AllocationReason reason) {
        var vips = List.of(
                new ObservedVip("10.2.0.10", "port", "subnet"), new ObservedVip("fd10:0:0:2::a", "port", "subnet6"));
        var dual = with(with(status(), vips), new AssociatedExternal("203.0.113.7", "fip", true));

        assertThat(wanted(Map.of(), dual, beside(ONE_EXTERNAL, ipv6(method, reason)), ""))
                .containsExactly(ip("203.0.113.7"));
    }

    @ParameterizedTest
    @CsvSource({"ballast.io/hostname", "loadbalancer.openstack.org/hostname"})
    void showsAHostnameInsteadOfAnyAddress(String annotation) {
        var annotations = Map.of(annotation, "web.example.org", "ballast.io/proxy-protocol", "v2");

        assertThat(wanted(annotations, status("203.0.113.7"), ONE_EXTERNAL, "nip.io"))
                .containsExactly(new IngressFacts(null, "web.example.org", null));
        assertThat(wanted(annotations, status(), ONE_EXTERNAL, ""))
                .as("while no address leads there")
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"true,Proxy", "v1,Proxy", "v2,Proxy", "false,VIP", "what,VIP"})
    void saysWhetherConnectionsMustGoThroughTheProxy(String value, String mode) {
        var annotations = Map.of("loadbalancer.openstack.org/proxy-protocol", value);

        assertThat(wanted(annotations, status(), NO_EXTERNAL, ""))
                .containsExactly(new IngressFacts("10.2.0.10", null, mode));
    }

    @Test
    void makesAHostnameOfAnAddressBehindAProxyWhereConfigured() {
        var annotations = Map.of("ballast.io/proxy-protocol", "true");
        var vips = List.of(
                new ObservedVip("10.2.0.10", "port", "subnet"), new ObservedVip("fd10:0:0:2::a", "port", "subnet6"));

        assertThat(wanted(annotations, with(status(), vips), NO_EXTERNAL, "nip.io"))
                .containsExactly(
                        new IngressFacts(null, "10.2.0.10.nip.io", null),
                        new IngressFacts(null, "fd10-0-0-2--a.nip.io", null));
    }

    @Test
    void namesThePortsThatAreNotServed() {
        var partly = new LoadBalancerStatus(
                LoadBalancerPhase.DEGRADED,
                Given.CLUSTER_UID,
                "u1",
                1,
                1,
                1,
                StatusReason.PARTLY_REFUSED,
                "A listener was refused.",
                null,
                status().loadBalancers(),
                List.of());
        var port = new IngressFacts.Port(80, PortProtocol.TCP, Names.PORT_NOT_SERVED);

        assertThat(wanted(Map.of(), withListener(partly, 443), NO_EXTERNAL, ""))
                .containsExactly(new IngressFacts("10.2.0.10", null, "VIP", List.of(port)));

        var listening = withListener(partly, 80);
        assertThat(wanted(Map.of(), listening, NO_EXTERNAL, "")).containsExactly(ip("10.2.0.10"));
    }

    @ParameterizedTest
    @CsvSource({"WAITING", "UPDATING", "DEGRADED", "ERROR", "DELETING", "REFUSED"})
    void clearsNothingWhileTheLoadBalancerServes(LoadBalancerPhase phase) {
        var serving = new LoadBalancerStatus(
                phase, Given.CLUSTER_UID, "u1", 1, 1, 1, null, "", null, status().loadBalancers(), List.of());

        assertThat(wanted(Map.of(), serving, NO_EXTERNAL, "")).containsExactly(ip("10.2.0.10"));
    }

    @Test
    void leavesWhatStandsThereWhileTooLittleIsKnown() {
        var observed = Given.status(LoadBalancerPhase.OBSERVED, "u1", null);

        assertThat(Ingress.wanted(service(Map.of()), new Chain(observed, NO_EXTERNAL, null, null), rules("")))
                .isEmpty();
        assertThat(Ingress.wanted(service(Map.of()), new Chain(status(), null, null, null), rules("")))
                .isEmpty();
    }

    private static List<IngressFacts> wanted(
            Map<String, String> annotations, LoadBalancerStatus status, AddressAllocation allocation, String suffix) {
        return Ingress.wanted(service(annotations), new Chain(status, allocation, null, null), rules(suffix))
                .orElseThrow();
    }

    private static Rules rules(String suffix) {
        return new Rules("c1", true, Manage.ALL, LabelSelector.ALL, true, suffix);
    }

    private static ServiceFacts service(Map<String, String> annotations) {
        return new ServiceFacts(
                "shop",
                "web",
                "u1",
                "1",
                false,
                List.of(),
                Given.body(ServiceType.LOAD_BALANCER, "10.2.0.10", annotations),
                List.of(),
                List.of());
    }

    private static IngressFacts ip(String address) {
        return new IngressFacts(address, null, "VIP");
    }

    private static GrantedExternal ipv6(ExternalMethod method, AllocationReason reason) {
        return new GrantedExternal(
                IpFamily.IPV6, method, AllocationState.REFUSED, null, null, null, "", false, reason, "No address.");
    }

    private static AddressAllocation beside(AddressAllocation allocation, GrantedExternal further) {
        var externals = new ArrayList<>(allocation.externals());
        externals.add(further);
        return new AddressAllocation(
                allocation.state(),
                allocation.clusterUid(),
                allocation.serviceUid(),
                allocation.incarnation(),
                allocation.claimGeneration(),
                allocation.provider(),
                allocation.vips(),
                allocation.vrrpPorts(),
                externals,
                allocation.lettingGo(),
                allocation.reason(),
                allocation.message(),
                allocation.firstClaimedEpochMillis());
    }

    private static LoadBalancerStatus status(String... externals) {
        return Given.status(LoadBalancerPhase.ACTIVE, "u1", null, externals);
    }

    private static LoadBalancerStatus with(LoadBalancerStatus status, AssociatedExternal external) {
        var externals = new ArrayList<>(status.externals());
        externals.add(external);
        return copy(status, status.loadBalancers(), externals);
    }

    private static LoadBalancerStatus with(LoadBalancerStatus status, List<ObservedVip> vips) {
        return copy(status, List.of(balancer(vips, List.of())), status.externals());
    }

    private static LoadBalancerStatus withListener(LoadBalancerStatus status, int port) {
        var listener = new ObservedListener("id", "shop/web:TCP:" + port, "TCP", port, 1);
        var vips = status.loadBalancers().getFirst().vips();
        return copy(status, List.of(balancer(vips, List.of(listener))), status.externals());
    }

    private static LoadBalancerState balancer(List<ObservedVip> vips, List<ObservedListener> listeners) {
        var like = status().loadBalancers().getFirst();
        return new LoadBalancerState(
                like.id(),
                like.name(),
                like.provider(),
                vips,
                like.provisioningStatus(),
                like.operatingStatus(),
                listeners,
                like.updatedAt());
    }

    private static LoadBalancerStatus copy(
            LoadBalancerStatus status, List<LoadBalancerState> balancers, List<AssociatedExternal> externals) {
        return new LoadBalancerStatus(
                status.phase(),
                status.clusterUid(),
                status.serviceUid(),
                status.incarnation(),
                status.generation(),
                status.appliedGeneration(),
                status.reason(),
                status.message(),
                status.requestId(),
                balancers,
                externals);
    }
}
