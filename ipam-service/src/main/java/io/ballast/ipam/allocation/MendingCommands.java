package io.ballast.ipam.allocation;

import static io.ballast.ipam.allocation.layout.OpenStackCommands.line;

import io.ballast.ipam.allocation.layout.OpenStackCommands;
import io.ballast.schemas.contract.IpAddress;
import io.ballast.schemas.contract.IpFamily;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Commands of the pre-flight that have to be worked out. Several in one text are joined by {@code &&}. */
final class MendingCommands {
    private MendingCommands() {}

    /** Takes VIP ranges out of the allocation pools; where nothing is left, everything else becomes the pool. */
    static String pools(NeutronFacts.Subnet subnet, List<AddressRange> vips) {
        var left = without(subnet.pools(), vips);
        if (left.isEmpty()) {
            left = without(hosts(subnet), vips);
            var gateway = subnet.gateway();
            if (gateway != null) {
                left = without(left, List.of(new AddressRange(gateway, gateway)));
            }
        }
        return left.isEmpty() ? "" : OpenStackCommands.setPools(subnet.id(), left);
    }

    /** Puts the gateway at the last host address outside VIP ranges, and takes that out of the allocation pools. */
    static String gateway(NeutronFacts.Subnet subnet, List<AddressRange> vips) {
        var free = without(hosts(subnet), vips);
        if (free.isEmpty()) {
            return "";
        }
        var last = free.getLast().last();
        var wanted = subnet.cidr().family() == IpFamily.IPV6
                        && last.equals(subnet.cidr().last())
                ? last.plus(BigInteger.ONE.negate())
                        .filter(free.getLast()::contains)
                        .orElse(last)
                : last;
        var words = new ArrayList<>(List.of("subnet", "set", "--gateway", wanted.toString()));
        var pools = without(subnet.pools(), List.of(new AddressRange(wanted, wanted)));
        if (!pools.equals(subnet.pools())) {
            words.add("--no-allocation-pool");
            pools.forEach(pool ->
                    words.addAll(List.of("--allocation-pool", "start=%s,end=%s".formatted(pool.first(), pool.last()))));
        }
        words.add(subnet.id());
        return line(words.toArray(String[]::new));
    }

    /** Joins a subnet to the router of the cluster; makes one where none is known. */
    static String addToRouter(String cluster, String subnetId, NeutronFacts facts) {
        return facts.surroundings().routers().values().stream()
                .filter(Surroundings.Router::isVisible)
                .findFirst()
                .map(router -> line("router", "add", "subnet", router.id(), subnetId))
                .orElseGet(() -> line("router", "create", cluster + "-router") + " && "
                        + line("router", "add", "subnet", cluster + "-router", subnetId));
    }

    /** Leads the router of a subnet to an external network. */
    static String leadOutside(String cluster, NeutronFacts.Subnet subnet, String networkId, NeutronFacts facts) {
        if (!subnet.routers().isEmpty()) {
            return leadOutside(subnet.routers().getFirst().id(), networkId);
        }
        var router = facts.surroundings().routers().values().stream()
                .filter(Surroundings.Router::isVisible)
                .findFirst();
        var gateway = router.filter(known -> networkId.equals(known.externalNetworkId()))
                .isPresent();
        return addToRouter(cluster, subnet.id(), facts)
                + (gateway
                        ? ""
                        : " && "
                                + leadOutside(
                                        router.map(Surroundings.Router::id).orElse(cluster + "-router"), networkId));
    }

    static String leadOutside(String router, String networkId) {
        return line("router", "set", "--external-gateway", networkId, router);
    }

    /** The addresses of a subnet that a port may have. */
    private static List<AddressRange> hosts(NeutronFacts.Subnet subnet) {
        var cidr = subnet.cidr();
        var whole = AddressRange.of(cidr);
        var ends = new ArrayList<>(List.of(new AddressRange(cidr.network(), cidr.network())));
        if (cidr.family() == IpFamily.IPV4) {
            ends.add(new AddressRange(cidr.last(), cidr.last()));
        }
        return without(List.of(whole), ends);
    }

    /** What is left of ranges, sorted. */
    static List<AddressRange> without(List<AddressRange> ranges, List<AddressRange> out) {
        var left = ranges;
        for (var hole : out) {
            var next = new ArrayList<AddressRange>();
            for (var range : left) {
                if (!range.overlaps(hole)) {
                    next.add(range);
                    continue;
                }
                if (range.first().compareTo(hole.first()) < 0) {
                    next.add(new AddressRange(range.first(), beside(hole.first(), -1)));
                }
                if (hole.last().compareTo(range.last()) < 0) {
                    next.add(new AddressRange(beside(hole.last(), 1), range.last()));
                }
            }
            left = next;
        }
        return left.stream().sorted().toList();
    }

    private static IpAddress beside(IpAddress address, long count) {
        return address.plus(BigInteger.valueOf(count)).orElseThrow();
    }
}
