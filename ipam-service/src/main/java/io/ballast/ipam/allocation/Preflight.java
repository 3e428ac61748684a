package io.ballast.ipam.allocation;

import io.ballast.schemas.contract.Finding;
import io.ballast.schemas.contract.FindingSeverity;
import io.ballast.schemas.contract.IpFamily;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Compares configuration with Neutron: what is wrong, and the command that mends it. */
public final class Preflight {
    private Preflight() {}

    /** Findings by pool name, each list sorted by code; pools without findings are missing. */
    public static Map<String, List<Finding>> check(Rules rules, NeutronFacts facts) {
        var found = new TreeMap<String, List<Finding>>();
        for (var pool : rules.vipPools()) {
            put(found, pool.name(), vips(pool, facts));
            put(found, pool.vrrpName(), vrrp(pool, facts));
        }
        for (var pool : rules.externals()) {
            if (pool.isFloating()) {
                put(found, pool.name(), external(pool, rules, facts));
            }
        }
        return found;
    }

    /** The same finding for every pool: nothing could be compared. */
    public static Map<String, List<Finding>> unread(
            Rules rules, FindingSeverity severity, String code, String message) {
        var finding = List.of(new Finding(severity, code, message, ""));
        var found = new TreeMap<String, List<Finding>>();
        for (var pool : rules.vipPools()) {
            found.put(pool.name(), finding);
            found.put(pool.vrrpName(), finding);
        }
        rules.externals().stream()
                .filter(Rules.ExternalPool::isFloating)
                .forEach(pool -> found.put(pool.name(), finding));
        return found;
    }

    private static void put(Map<String, List<Finding>> into, String pool, List<Finding> findings) {
        if (!findings.isEmpty()) {
            into.put(
                    pool,
                    findings.stream()
                            .sorted(Comparator.comparing(Finding::code).thenComparing(Finding::message))
                            .toList());
        }
    }

    private static List<Finding> vips(Rules.VipPool pool, NeutronFacts facts) {
        var found = facts.subnet(pool.subnet());
        if (found.isEmpty()) {
            return List.of(error(
                    "subnet-missing",
                    "subnet '%s' for the VIPs of cluster %s cannot be used: %s"
                            .formatted(
                                    pool.subnet(),
                                    pool.cluster(),
                                    facts.missing().getOrDefault(pool.subnet(), "it was not found")),
                    "openstack subnet list"));
        }
        var subnet = found.get();
        var findings = new ArrayList<Finding>();
        var cidr = AddressRange.of(subnet.cidr());
        for (var range : pool.ranges()) {
            if (!cidr.contains(range)) {
                findings.add(error(
                        "vip-range-outside-subnet",
                        "VIP range %s of cluster %s is not inside subnet %s (%s)"
                                .formatted(range, pool.cluster(), subnet.name(), subnet.cidr()),
                        ""));
            }
            subnet.pools().stream()
                    .filter(range::overlaps)
                    .forEach(overlap -> findings.add(error(
                            "vip-range-in-allocation-pool",
                            "VIP range %s of cluster %s overlaps allocation pool %s of subnet %s, where Neutron gives addresses to ports"
                                    .formatted(range, pool.cluster(), overlap, subnet.name()),
                            outside(range, subnet))));
            var gateway = subnet.gateway();
            if (gateway != null && range.contains(gateway)) {
                findings.add(error(
                        "gateway-in-vip-range",
                        "gateway %s of subnet %s lies in VIP range %s of cluster %s"
                                .formatted(gateway, subnet.name(), range, pool.cluster()),
                        "openstack subnet set --gateway %s %s".formatted(lastUsable(subnet), subnet.id())));
            }
        }
        if (subnet.gateway() == null) {
            findings.add(error(
                    "gateway-missing",
                    "subnet %s has no gateway, so that load balancers cannot answer clients elsewhere"
                            .formatted(subnet.name()),
                    "openstack subnet set --gateway %s %s".formatted(lastUsable(subnet), subnet.id())));
        }
        if (subnet.routers().isEmpty()) {
            findings.add(new Finding(
                    FindingSeverity.WARNING,
                    "router-missing",
                    "no router has an interface on subnet %s".formatted(subnet.name()),
                    "openstack router add subnet ROUTER %s".formatted(subnet.id())));
        }
        return findings;
    }

    private static List<Finding> vrrp(Rules.VipPool pool, NeutronFacts facts) {
        return facts.subnet(pool.subnet())
                .filter(subnet -> subnet.pools().isEmpty())
                .map(subnet -> List.of(error(
                        "allocation-pool-missing",
                        "subnet %s has no allocation pool, from which amphorae take the addresses of their ports"
                                .formatted(subnet.name()),
                        "openstack subnet set --allocation-pool start=FIRST,end=LAST %s".formatted(subnet.id()))))
                .orElse(List.of());
    }

    private static List<Finding> external(Rules.ExternalPool pool, Rules rules, NeutronFacts facts) {
        var network = facts.externals().get(pool.name());
        if (network == null) {
            var named = pool.network() == null ? String.valueOf(pool.subnet()) : pool.network();
            return List.of(error(
                    "external-network-missing",
                    "floating network of external pool '%s' cannot be used: '%s': %s"
                            .formatted(pool.name(), named, facts.missing().getOrDefault(named, "it was not found")),
                    "openstack network list --external"));
        }
        var findings = new ArrayList<Finding>();
        if (!network.external()) {
            findings.add(error(
                    "network-not-external",
                    "network %s of external pool '%s' is not external".formatted(network.name(), pool.name()),
                    "openstack network set --external %s".formatted(network.networkId())));
        }
        for (var vips : rules.vipPools()) {
            boolean served = pool.clusters().isEmpty() || pool.clusters().contains(vips.cluster());
            if (vips.family() == IpFamily.IPV4 && served) {
                facts.subnet(vips.subnet()).ifPresent(subnet -> findings.addAll(path(subnet, network, pool)));
            }
        }
        return findings;
    }

    private static List<Finding> path(
            NeutronFacts.Subnet subnet, NeutronFacts.ExternalNetwork network, Rules.ExternalPool pool) {
        return switch (NeutronFacts.path(subnet, network.networkId())) {
            case PRESENT -> List.of();
            case UNKNOWN ->
                List.of(new Finding(
                        FindingSeverity.WARNING,
                        "router-not-visible",
                        "the router of subnet %s is not visible, so that its way to network %s of external pool '%s' is not known"
                                .formatted(subnet.name(), network.name(), pool.name()),
                        ""));
            case ABSENT ->
                List.of(error(
                        "router-path-missing",
                        "no router leads from subnet %s to network %s of external pool '%s'"
                                .formatted(subnet.name(), network.name(), pool.name()),
                        subnet.routers().isEmpty()
                                ? "openstack router add subnet ROUTER %s".formatted(subnet.id())
                                : "openstack router set --external-gateway %s %s"
                                        .formatted(
                                                network.networkId(),
                                                subnet.routers().getFirst().id())));
        };
    }

    /** The command that leaves everything behind the range to ports. */
    private static String outside(AddressRange range, NeutronFacts.Subnet subnet) {
        var start = range.last().next().filter(subnet.cidr()::contains);
        return start.map(first -> "openstack subnet set --no-allocation-pool --allocation-pool start=%s,end=LAST %s"
                        .formatted(first, subnet.id()))
                .orElse("");
    }

    /** The address before the last of a subnet, where a gateway is out of everybody's way. */
    private static String lastUsable(NeutronFacts.Subnet subnet) {
        return subnet.cidr()
                .last()
                .plus(java.math.BigInteger.ONE.negate())
                .filter(subnet.cidr()::contains)
                .map(Object::toString)
                .orElse("ADDRESS");
    }

    private static Finding error(String code, String message, String command) {
        return new Finding(FindingSeverity.ERROR, code, message, command);
    }
}
