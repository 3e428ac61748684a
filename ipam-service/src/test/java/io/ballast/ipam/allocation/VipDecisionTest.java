package io.ballast.ipam.allocation;

import static io.ballast.ipam.world.Claims.claim;
import static io.ballast.ipam.world.Claims.key;
import static io.ballast.ipam.world.Claims.rules;
import static io.ballast.ipam.world.Claims.withProvider;
import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.ipam.world.FakeNeutron;
import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AddressClaim;
import io.ballast.schemas.contract.AllocationReason;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.CidrRange;
import io.ballast.schemas.contract.GrantedVip;
import io.ballast.schemas.contract.IpAddress;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.LoadBalancerState;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.ObservedVip;
import io.ballast.schemas.contract.OperatingStatus;
import io.ballast.schemas.contract.ProvisioningStatus;
import io.ballast.schemas.contract.ServiceKey;
import io.ballast.schemas.contract.VipClaim;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VipDecisionTest {
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

    private static Ledger ledger(Rules rules, String poolStart, String poolEnd, NeutronFacts.Port... ports) {
        var ledger = new Ledger(rules);
        var subnet = new NeutronFacts.Subnet(
                FakeNeutron.SUBNET,
                "k8s-service-subnet",
                FakeNeutron.NETWORK,
                CidrRange.of("10.2.0.0/16"),
                IpAddress.of("10.2.255.254"),
                List.of(new AddressRange(IpAddress.of(poolStart), IpAddress.of(poolEnd))),
                List.of(ports),
                List.of());
        Allocation.evolve(
                ledger,
                new AllocationEvent.NeutronRead(
                        new NeutronFacts(Map.of("k8s-service-subnet", subnet), Map.of(), Map.of())));
        return ledger;
    }

    private static Ledger ledger(Rules rules) {
        return ledger(rules, "10.2.128.1", "10.2.255.253");
    }

    /** Decides and evolves; the allocation as it then stands. */
    private static AddressAllocation decide(Ledger ledger, String name, AddressClaim claim, Instant now) {
        return decide(ledger, key(name), claim, now);
    }

    private static AddressAllocation decide(Ledger ledger, ServiceKey key, AddressClaim claim, Instant now) {
        Allocation.command(key, claim, ledger.row(key).orElse(null), null, Known.NOTHING, Gates.OPEN, now)
                .map(command -> Allocation.decide(command, ledger))
                .ifPresent(decision -> decision.events().forEach(event -> Allocation.evolve(ledger, event)));
        return ledger.row(key).orElseThrow();
    }

    private static AddressAllocation decide(Ledger ledger, String name, AddressClaim claim) {
        return decide(ledger, name, claim, NOW);
    }

    @ParameterizedTest
    @CsvSource({
        "10.2.128.5, VIP_INSIDE_ALLOCATION_POOL, 10.2.128.1-10.2.255.253",
        "10.2.255.254, VIP_IS_GATEWAY, gateway of subnet k8s-service-subnet",
        "10.2.128.0, VIP_OUTSIDE_RANGE, 10.2.0.0-10.2.127.255",
        "10.96.0.1, VIP_OUTSIDE_RANGE, cluster demo",
        "10.2.0.05, VIP_OUTSIDE_RANGE, is not an address"
    })
    void refusesAVipThatNeutronCouldGiveAwayOrThatLiesElsewhere(String vip, AllocationReason reason, String says) {
        // When
        var row = decide(ledger(rules()), "web", claim("uid-1", vip));
        // Then
        assertThat(row.state()).isEqualTo(AllocationState.REFUSED);
        assertThat(row.reason()).isEqualTo(reason);
        assertThat(row.message()).contains(vip).contains(says);
        assertThat(row.vips()).isEmpty();
    }

    @Test
    void refusesAClusterOrFamilyWithoutARange() {
        // Given
        var claim = new AddressClaim(
                claim("uid-1", null).state(),
                "c",
                "uid-1",
                1,
                1,
                "",
                List.of(new VipClaim(IpFamily.IPV4, "10.2.0.1"), new VipClaim(IpFamily.IPV6, "fd10::1")),
                List.of(),
                List.of());
        // When
        var row = decide(ledger(rules()), "web", claim);
        // Then
        assertThat(row.reason()).isEqualTo(AllocationReason.NO_VIP_RANGE);
        assertThat(row.vips()).as("both families or none").isEmpty();
    }

    @Test
    void choosesFromTheRangeOfTheSubnetThatIsNamed() {
        // Given
        var cluster = new Rules.Cluster(
                List.of(
                        new Rules.VipPool(
                                "demo/vip/ipv4",
                                "demo",
                                IpFamily.IPV4,
                                "k8s-service-subnet",
                                List.of(AddressRange.parse("10.2.0.0/17"))),
                        new Rules.VipPool(
                                "demo/vip/dmz",
                                "demo",
                                IpFamily.IPV4,
                                "k8s-dmz-subnet",
                                List.of(AddressRange.parse("10.3.0.0/24")))),
                1,
                "amphora");
        var ledger = new Ledger(new Rules(Map.of("demo", cluster), List.of(), 1));
        var subnets = Map.of(
                "k8s-service-subnet", subnet("10.2.0.0/16", "10.2.128.1", "10.2.255.253"),
                "k8s-dmz-subnet", subnet("10.3.0.0/16", "10.3.128.1", "10.3.255.253"));
        Allocation.evolve(ledger, new AllocationEvent.NeutronRead(new NeutronFacts(subnets, Map.of(), Map.of())));

        // When
        var usual = decide(ledger, "a", inSubnet("uid-1", null));
        var dmz = decide(ledger, "b", inSubnet("uid-2", "k8s-dmz-subnet"));
        var nowhere = decide(ledger, "c", inSubnet("uid-3", "other"));

        // Then
        assertThat(usual.vips().getFirst().address()).startsWith("10.2.");
        assertThat(dmz.vips().getFirst().address()).startsWith("10.3.");
        assertThat(nowhere.state()).isEqualTo(AllocationState.REFUSED);
        assertThat(nowhere.message())
                .contains("lies in subnet 'other'")
                .contains("configured are: k8s-service-subnet, k8s-dmz-subnet");
    }

    @Test
    void grantsAFamilyThatComesLaterAndLetsItGoAfterItsLoadBalancer() {
        // Given
        var ledger = dualLedger();
        var vip4 = new VipClaim(IpFamily.IPV4, "10.2.0.1");
        var vip6 = new VipClaim(IpFamily.IPV6, "fd10:0:0:2::1");
        decide(ledger, "web", dual(1, vip4));

        // When it comes
        var both = decide(ledger, "web", dual(2, vip4, vip6));

        // Then
        assertThat(both.vips()).extracting(GrantedVip::address).containsExactly("10.2.0.1", "fd10:0:0:2::1");

        // When it goes, and octavia still sees its load balancer
        Allocation.evolve(ledger, observed("10.2.0.1", "fd10:0:0:2::1"));
        var going = decide(ledger, "web", dual(3, vip4));
        var rival = decide(ledger, "other", dual(1, new VipClaim(IpFamily.IPV6, "fd10:0:0:2::1")));

        // Then
        assertThat(going.vips()).extracting(GrantedVip::address).containsExactly("10.2.0.1", "fd10:0:0:2::1");
        assertThat(rival.reason()).isEqualTo(AllocationReason.VIP_HELD_BY_ANOTHER);

        // When its load balancer is gone
        Allocation.evolve(ledger, observed("10.2.0.1"));
        var gone = decide(ledger, "web", dual(3, vip4));
        var served = decide(ledger, "other", dual(1, new VipClaim(IpFamily.IPV6, "fd10:0:0:2::1")));

        // Then
        assertThat(gone.vips()).extracting(GrantedVip::address).containsExactly("10.2.0.1");
        assertThat(gone.state()).isEqualTo(AllocationState.GRANTED);
        assertThat(served.state()).isEqualTo(AllocationState.GRANTED);
    }

    @Test
    void aFamilyThatComesLaterAndCannotBeGrantedLeavesWhatIsThere() {
        // Given
        var ledger = dualLedger();
        decide(ledger, "other", dual(1, new VipClaim(IpFamily.IPV6, "fd10:0:0:2::1")));
        var vip4 = new VipClaim(IpFamily.IPV4, "10.2.0.1");
        decide(ledger, "web", dual(1, vip4));

        // When
        var row = decide(ledger, "web", dual(2, vip4, new VipClaim(IpFamily.IPV6, "fd10:0:0:2::1")));

        // Then
        assertThat(row.state()).isEqualTo(AllocationState.GRANTED);
        assertThat(row.vips()).extracting(GrantedVip::address).containsExactly("10.2.0.1");
        assertThat(row.message()).contains("held by demo/shop/other");
    }

    private static Ledger dualLedger() {
        var cluster = new Rules.Cluster(
                List.of(
                        new Rules.VipPool(
                                "demo/vip/ipv4",
                                "demo",
                                IpFamily.IPV4,
                                "four",
                                List.of(AddressRange.parse("10.2.0.0/17"))),
                        new Rules.VipPool(
                                "demo/vip/ipv6",
                                "demo",
                                IpFamily.IPV6,
                                "six",
                                List.of(AddressRange.parse("fd10:0:0:2::/113")))),
                1,
                "ovn");
        var ledger = new Ledger(new Rules(Map.of("demo", cluster), List.of(), 1));
        var subnets = Map.of(
                "four", subnet("10.2.0.0/16", "10.2.128.1", "10.2.255.253"),
                "six", subnet("fd10:0:0:2::/112", "fd10:0:0:2::8000", "fd10:0:0:2::fffd"));
        Allocation.evolve(ledger, new AllocationEvent.NeutronRead(new NeutronFacts(subnets, Map.of(), Map.of())));
        return ledger;
    }

    private static AddressClaim dual(long generation, VipClaim... vips) {
        return new AddressClaim(
                claim("uid-1", null).state(),
                "c",
                "uid-" + vips[0].family(),
                1,
                generation,
                "",
                List.of(vips),
                List.of(),
                List.of());
    }

    private static AllocationEvent observed(String... vips) {
        var states = Stream.of(vips)
                .map(vip -> new LoadBalancerState(
                        "lb-" + vip,
                        "shop/web",
                        "ovn",
                        List.of(new ObservedVip(
                                vip, "port", vip.contains(":") ? "id-of-fd10:0:0:2::/112" : "id-of-10.2.0.0/16")),
                        ProvisioningStatus.ACTIVE,
                        OperatingStatus.ONLINE,
                        List.of(),
                        ""))
                .toList();
        return new AllocationEvent.Observed(
                key("web"),
                new LoadBalancerStatus(
                        LoadBalancerPhase.ACTIVE, "c", "uid-IPV4", 1, 1, 1, null, "", null, states, List.of()));
    }

    private static NeutronFacts.Subnet subnet(String cidr, String poolStart, String poolEnd) {
        return new NeutronFacts.Subnet(
                "id-of-" + cidr,
                cidr,
                FakeNeutron.NETWORK,
                CidrRange.of(cidr),
                null,
                List.of(new AddressRange(IpAddress.of(poolStart), IpAddress.of(poolEnd))),
                List.of(),
                List.of());
    }

    private static AddressClaim inSubnet(String uid, @Nullable String subnet) {
        return new AddressClaim(
                claim("uid-1", null).state(),
                "c",
                uid,
                1,
                1,
                "",
                List.of(new VipClaim(IpFamily.IPV4, null, subnet)),
                List.of(),
                List.of());
    }

    @Test
    void claimingTwiceIsOneClaim() {
        // Given
        var ledger = ledger(rules());
        var claim = claim("uid-1", "10.2.0.5");
        decide(ledger, "web", claim);
        // When
        var decision = Allocation.decide(
                new AllocationCommand.Claim(key("web"), claim, null, Known.NOTHING, Gates.OPEN, NOW.plusSeconds(5)),
                ledger);
        // Then
        assertThat(decision.events()).isEmpty();
    }

    @Test
    void countsTheVrrpPortsThatNeutronReallyShowsAndRefusesWithNumbers() {
        // Given
        var used = new NeutronFacts.Port("p", IpAddress.of("10.2.128.1"), "vm", "compute:nova", List.of());
        var ledger = ledger(rules(List.of("10.2.0.0/17"), 2), "10.2.128.1", "10.2.128.6", used);
        assertThat(decide(ledger, "a", claim("uid-1", "10.2.0.1")).vrrpPorts()).isEqualTo(2);
        assertThat(decide(ledger, "b", claim("uid-2", "10.2.0.2")).state()).isEqualTo(AllocationState.GRANTED);
        // When
        var row = decide(ledger, "c", claim("uid-3", "10.2.0.3"));
        // Then
        assertThat(row.reason()).isEqualTo(AllocationReason.VRRP_EXHAUSTED);
        assertThat(row.message())
                .contains("needs 2")
                .contains("of 6")
                .contains("1 are used by others")
                .contains("4 granted")
                .contains("1 kept");
        assertThat(decide(ledger, "d", withProvider(claim("uid-4", "10.2.0.4"), "ovn"))
                        .state())
                .as("ovn takes none")
                .isEqualTo(AllocationState.GRANTED);
    }

    @Test
    void theVrrpPortsOfItsOwnLoadBalancerAreNotCountedTwice() {
        // Given
        var vrrp = new NeutronFacts.Port(
                "p", IpAddress.of("10.2.128.1"), "octavia-lb-vrrp", "Octavia", List.of(IpAddress.of("10.2.0.1")));
        var ledger = ledger(rules(), "10.2.128.1", "10.2.128.2", vrrp);
        // When
        var row = decide(ledger, "a", claim("uid-1", "10.2.0.1"));
        // Then
        assertThat(row.state()).isEqualTo(AllocationState.GRANTED);
        assertThat(decide(ledger, "b", claim("uid-2", "10.2.0.2")).reason()).isEqualTo(AllocationReason.VRRP_EXHAUSTED);
    }

    @Test
    void choosesTheLowestFreeAddressThatNobodyUses() {
        // Given
        var port = new NeutronFacts.Port("p", IpAddress.of("10.2.0.2"), "", "", List.of());
        var ledger = ledger(rules(List.of("10.2.0.1-10.2.0.4"), 1), "10.2.128.1", "10.2.255.253", port);
        decide(ledger, "a", claim("uid-1", "10.2.0.1"));
        // When
        var chosen = decide(ledger, "b", claim("uid-2", null));
        // Then
        assertThat(chosen.vips().getFirst().address()).isEqualTo("10.2.0.3");
    }

    @ParameterizedTest
    @CsvSource({
        "octavia-lb-4f0b3b3c-0000-4000-8000-000000000001, GRANTED",
        "ovn-lb-vip-4f0b3b3c-0000-4000-8000-000000000001, GRANTED",
        "octavia-lb-vrrp-4f0b3b3c-0000-4000-8000-000000000001, WAITING",
        "somebody's server, WAITING"
    })
    void theApiServersVipMayBeThatOfALoadBalancerMadeByHand(String port, AllocationState state) {
        // Given
        var taken = new NeutronFacts.Port("p", IpAddress.of("10.2.0.1"), port, "Octavia", List.of());
        var ledger = ledger(rules(), "10.2.128.1", "10.2.255.253", taken);
        var api = new ServiceKey(key("web").cluster(), "default", "kubernetes");
        // When
        var row = decide(ledger, api, claim("uid-1", "10.2.0.1"), NOW);
        // Then
        assertThat(row.state()).isEqualTo(state);
        assertThat(decide(ledger, "web", claim("uid-2", "10.2.0.1")).state())
                .as("of any other Service it may not")
                .isEqualTo(AllocationState.WAITING);
    }

    @Test
    void theOldestWaiterIsServedFirstInAPoolOfFourWithSixClaimants() {
        // Given
        var ledger = ledger(rules(List.of("10.2.0.1-10.2.0.4"), 1));
        var claims =
                IntStream.range(0, 6).mapToObj(i -> claim("uid-" + i, null)).toList();
        for (int i = 0; i < 6; i++) {
            decide(ledger, "s" + i, claims.get(i), NOW.plusSeconds(i));
        }
        assertThat(ledger.row(key("s4")).orElseThrow().reason()).isEqualTo(AllocationReason.VIP_RANGE_EXHAUSTED);
        Allocation.evolve(ledger, new AllocationEvent.Allocated(key("s0"), null, null));
        // When
        var late = decide(ledger, "s5", claims.get(5), NOW.plusSeconds(60));
        var next = ledger.nextInLine(10);
        var oldest = decide(ledger, "s4", claims.get(4), NOW.plusSeconds(61));
        // Then
        assertThat(late.state()).isEqualTo(AllocationState.WAITING);
        assertThat(next).first().isEqualTo(key("s4"));
        assertThat(oldest.vips().getFirst().address()).isEqualTo("10.2.0.1");
    }

    @Test
    void aHeldVipDoesNotMoveWhenTheRangeDoes() {
        // Given
        var before = ledger(rules());
        var claim = claim("uid-1", "10.2.0.5");
        var row = decide(before, "web", claim);
        var after = ledger(rules(List.of("10.2.64.0/18"), 1));
        Allocation.evolve(after, new AllocationEvent.Allocated(key("web"), row, claim));
        // When
        var again = decide(after, "web", claim);
        // Then
        assertThat(again).isEqualTo(row);
    }

    @Test
    void decidesThousandsOfGrantsASecond() {
        // Given
        var ledger = ledger(rules());
        long start = System.nanoTime();
        // When
        for (int i = 0; i < 20_000; i++) {
            decide(ledger, "s" + i, withProvider(claim("uid-" + i, null), "ovn"));
        }
        // Then
        assertThat(System.nanoTime() - start)
                .as("nanoseconds for 20,000 grants")
                .isLessThan(20_000_000_000L);
    }
}
