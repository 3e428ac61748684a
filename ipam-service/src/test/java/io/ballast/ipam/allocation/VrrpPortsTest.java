package io.ballast.ipam.allocation;

import static io.ballast.ipam.world.Claims.claim;
import static io.ballast.ipam.world.Claims.key;
import static io.ballast.ipam.world.Claims.rules;
import static io.ballast.ipam.world.Claims.withProvider;
import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.ipam.allocation.NeutronFacts.Port;
import io.ballast.ipam.world.FakeNeutron;
import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AddressClaim;
import io.ballast.schemas.contract.AllocationReason;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.CidrRange;
import io.ballast.schemas.contract.IpAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Room for the ports that amphorae take: how many, on which subnets, and what is kept for failovers. */
class VrrpPortsTest {
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final String VIPS = "k8s-service-subnet";
    private static final String PODS = "k8s-pod-subnet";

    @ParameterizedTest
    @CsvSource({
        "amphora, 1, false, 1",
        "amphora, 2, false, 2",
        "amphora, 1, true, 2",
        "amphora, 2, true, 4",
        "ovn, 2, true, 0"
    })
    void areOneForEachAmphoraAndInLayerTwoOneMoreForEachMemberSubnet(
            String provider, int amphorae, boolean isLayer2, int ports) {
        var ledger = ledger(amphorae, "10.2.128.1-10.2.128.9", List.of(), "10.1.0.1-10.1.0.9", List.of());

        var row = decide(
                ledger,
                "a",
                withProvider(isLayer2 ? inLayer2("uid-a", "10.2.0.1") : claim("uid-a", "10.2.0.1"), provider));

        assertThat(row.state()).isEqualTo(AllocationState.GRANTED);
        assertThat(row.vrrpPorts()).isEqualTo(ports);
    }

    @Test
    void aMemberSubnetWithoutRoomRefusesNewLoadBalancersInWords() {
        // Given room for two and a failover among the pods
        var ledger = ledger(1, "10.2.128.1-10.2.128.9", List.of(), "10.1.0.1-10.1.0.3", List.of());
        decide(ledger, "a", inLayer2("uid-a", "10.2.0.1"));
        decide(ledger, "b", inLayer2("uid-b", "10.2.0.2"));
        // When
        var row = decide(ledger, "c", inLayer2("uid-c", "10.2.0.3"));
        // Then
        assertThat(row.state()).isEqualTo(AllocationState.WAITING);
        assertThat(row.reason()).isEqualTo(AllocationReason.VRRP_EXHAUSTED);
        assertThat(row.message())
                .contains("needs 1 more addresses", "subnet k8s-pod-subnet", "2 granted", "1 kept for failovers");
        assertThat(row.vips()).as("nothing that octavia could begin with").isEmpty();
        assertThat(decide(ledger, "d", claim("uid-d", "10.2.0.4")).state())
                .as("layer 3 takes none there")
                .isEqualTo(AllocationState.GRANTED);
    }

    @Test
    void portsThatAreThereAreCountedOnceOnTheMemberSubnetToo() {
        // Given what Neutron shows of the load balancer of "a": its amphora, on both subnets
        var vrrp =
                new Port("p1", ip("10.2.128.1"), "octavia-lb-vrrp-1", "compute:nova", List.of(ip("10.2.0.1")), "vm-1");
        var leg = new Port("p2", ip("10.1.0.1"), "", "compute:nova", List.of(), "vm-1");
        var pod = new Port("p3", ip("10.1.0.2"), "", "compute:kuryr", List.of(), "vm-9");
        var ledger = ledger(1, "10.2.128.1-10.2.128.9", List.of(vrrp), "10.1.0.1-10.1.0.4", List.of(leg, pod));
        decide(ledger, "a", inLayer2("uid-a", "10.2.0.1"));
        // When room for one more is left: four, a pod, an amphora, a failover
        var second = decide(ledger, "b", inLayer2("uid-b", "10.2.0.2"));
        var third = decide(ledger, "c", inLayer2("uid-c", "10.2.0.3"));
        // Then
        assertThat(second.state()).isEqualTo(AllocationState.GRANTED);
        assertThat(third.reason()).isEqualTo(AllocationReason.VRRP_EXHAUSTED);
        assertThat(third.message()).contains("of 4", "1 are used by others", "2 granted");
    }

    @Test
    void existingLoadBalancersKeepTheirHeadroomAndAreNotTouchedWhenOthersTakeIt() {
        // Given two load balancers in room for two and a failover
        var ledger = ledger(1, "10.2.128.1-10.2.128.3", List.of(), "10.1.0.1-10.1.0.9", List.of());
        var first = decide(ledger, "a", claim("uid-a", "10.2.0.1"));
        decide(ledger, "b", claim("uid-b", "10.2.0.2"));
        assertThat(decide(ledger, "c", claim("uid-c", "10.2.0.3")).reason())
                .as("the last address is for a failover")
                .isEqualTo(AllocationReason.VRRP_EXHAUSTED);
        // When somebody else takes the last one
        var foreign = new Port("p", ip("10.2.128.3"), "vm", "compute:nova", List.of());
        read(ledger, "10.2.128.1-10.2.128.3", List.of(foreign), "10.1.0.1-10.1.0.9", List.of());
        // Then
        assertThat(decide(ledger, "a", claim("uid-a", "10.2.0.1"))).isEqualTo(first);
        // When one goes, what it had is the headroom again, and nobody's
        Allocation.evolve(ledger, new AllocationEvent.Allocated(key("b"), null, null));
        assertThat(decide(ledger, "c", claim("uid-c", "10.2.0.3")).reason()).isEqualTo(AllocationReason.VRRP_EXHAUSTED);
    }

    /** Pods, VIPs that Neutron would choose, and ports of amphorae come from the same allocation pool. */
    @Test
    void onASharedSubnetPodsAndAmphoraeShareOneBudget() {
        // Given a pool of eight with five pods and a failover
        var shared = rules(List.of("10.2.0.0/18"), 1);
        var ledger = new Ledger(shared);
        var pods = IntStream.range(0, 5)
                .mapToObj(i -> new Port("pod-" + i, ip("10.2.64." + i), "", "compute:kuryr", List.of(), "vm-" + i))
                .toList();
        readShared(ledger, pods);
        assertThat(decide(ledger, "a", inSubnet("uid-a", "10.2.0.1", VIPS)).vrrpPorts())
                .isEqualTo(1);
        assertThat(decide(ledger, "b", inSubnet("uid-b", "10.2.0.2", VIPS)).state())
                .isEqualTo(AllocationState.GRANTED);
        var row = decide(ledger, "c", inSubnet("uid-c", "10.2.0.3", VIPS));
        assertThat(row.reason()).isEqualTo(AllocationReason.VRRP_EXHAUSTED);
        assertThat(row.message()).contains("of 8, 5 are used by others, 2 granted to load balancers, 1 kept");
        // When a pod goes
        readShared(ledger, pods.subList(0, 4));
        // Then
        assertThat(decide(ledger, "c", inSubnet("uid-c", "10.2.0.3", VIPS)).state())
                .isEqualTo(AllocationState.GRANTED);
        // When more pods come than there should be
        var many = new ArrayList<>(pods);
        many.add(new Port("pod-5", ip("10.2.64.5"), "", "compute:kuryr", List.of(), "vm-5"));
        readShared(ledger, many);
        // Then those that are there keep what they have
        assertThat(ledger.row(key("c")).orElseThrow().state()).isEqualTo(AllocationState.GRANTED);
        assertThat(decide(ledger, "d", inSubnet("uid-d", "10.2.0.4", VIPS)).reason())
                .isEqualTo(AllocationReason.VRRP_EXHAUSTED);
    }

    private static Ledger ledger(int amphorae, String pool, List<Port> ports, String podPool, List<Port> podPorts) {
        var ledger = new Ledger(rules(List.of("10.2.0.0/17"), amphorae));
        read(ledger, pool, ports, podPool, podPorts);
        return ledger;
    }

    private static void read(Ledger ledger, String pool, List<Port> ports, String podPool, List<Port> podPorts) {
        var facts = Map.of(
                VIPS, subnet(FakeNeutron.SUBNET, VIPS, "10.2.0.0/16", pool, ports),
                PODS, subnet("id-of-pods", PODS, "10.1.0.0/16", podPool, podPorts));
        Allocation.evolve(ledger, new AllocationEvent.NeutronRead(new NeutronFacts(facts, Map.of(), Map.of())));
    }

    private static void readShared(Ledger ledger, List<Port> pods) {
        var subnet = subnet(FakeNeutron.SUBNET, VIPS, "10.2.0.0/16", "10.2.64.0-10.2.64.7", pods);
        Allocation.evolve(
                ledger, new AllocationEvent.NeutronRead(new NeutronFacts(Map.of(VIPS, subnet), Map.of(), Map.of())));
    }

    private static NeutronFacts.Subnet subnet(String id, String name, String cidr, String pool, List<Port> ports) {
        return new NeutronFacts.Subnet(
                id,
                name,
                "network-of-" + id,
                CidrRange.of(cidr),
                null,
                List.of(AddressRange.parse(pool)),
                ports,
                List.of());
    }

    private static IpAddress ip(String text) {
        return IpAddress.of(text);
    }

    private static AddressClaim inLayer2(String uid, String vip) {
        return inSubnet(uid, vip, PODS);
    }

    private static AddressClaim inSubnet(String uid, String vip, String memberSubnet) {
        var claim = claim(uid, vip);
        return new AddressClaim(
                claim.state(),
                claim.clusterUid(),
                claim.serviceUid(),
                claim.incarnation(),
                claim.generation(),
                claim.provider(),
                claim.vips(),
                List.of(memberSubnet),
                claim.externals());
    }

    private static AddressAllocation decide(Ledger ledger, String name, AddressClaim claim) {
        Allocation.command(key(name), claim, ledger.row(key(name)).orElse(null), null, Known.NOTHING, Gates.OPEN, NOW)
                .map(command -> Allocation.decide(command, ledger))
                .ifPresent(decision -> decision.events().forEach(event -> Allocation.evolve(ledger, event)));
        return ledger.row(key(name)).orElseThrow();
    }
}
