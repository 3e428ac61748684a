package io.ballast.ipam.allocation;

import io.ballast.ipam.allocation.layout.OpenStackCommands;
import io.ballast.schemas.contract.Finding;
import io.ballast.schemas.contract.IpFamily;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Compares configuration with Neutron: what is wrong, and the command that mends it. */
public final class Preflight {
    private Preflight() {}

    /** Findings by pool name, each list sorted by code; pools without findings are missing. */
    public static Map<String, List<Finding>> check(Rules rules, NeutronFacts facts) {
        var found = new TreeMap<String, List<Finding>>();
        for (var pool : rules.vipPools()) {
            var findings = new ArrayList<>(vips(pool, rules, facts));
            if (isFirst(pool, rules)) {
                findings.addAll(PodPreflight.check(pool, rules, facts));
            }
            findings.addAll(QuotaPreflight.loadBalancers(facts));
            put(found, pool.name(), findings);
            var ports = new ArrayList<>(vrrp(pool, rules, facts));
            ports.addAll(QuotaPreflight.of(Surroundings.Resource.PORTS, facts));
            put(found, pool.vrrpName(), ports);
        }
        for (var pool : rules.externals()) {
            if (pool.isFloating()) {
                var findings = new ArrayList<>(external(pool, rules, facts));
                findings.addAll(QuotaPreflight.of(Surroundings.Resource.FLOATING_IPS, facts));
                put(found, pool.name(), findings);
            }
        }
        return found;
    }

    /** Whether what is around a cluster is told with this pool: its first of the family. */
    private static boolean isFirst(Rules.VipPool pool, Rules rules) {
        return Optional.ofNullable(rules.clusters().get(pool.cluster())).stream()
                .flatMap(cluster -> cluster.vips().stream())
                .filter(other -> other.family() == pool.family())
                .findFirst()
                .filter(pool::equals)
                .isPresent();
    }

    /** Every VIP range of a subnet, whichever clusters they are of: a command for one must not undo that for another. */
    private static List<AddressRange> ranges(NeutronFacts.Subnet subnet, Rules rules, NeutronFacts facts) {
        return rules.vipPools().stream()
                .filter(pool -> facts.subnet(pool.subnet())
                        .filter(there -> there.id().equals(subnet.id()))
                        .isPresent())
                .flatMap(pool -> pool.ranges().stream())
                .toList();
    }

    /** The same finding for every pool: nothing could be compared. */
    public static Map<String, List<Finding>> unread(Rules rules, FindingKind kind, String message) {
        var finding = List.of(kind.finding(message, ""));
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

    private static List<Finding> vips(Rules.VipPool pool, Rules rules, NeutronFacts facts) {
        var found = facts.subnet(pool.subnet());
        if (found.isEmpty()) {
            return List.of(finding(
                    FindingKind.SUBNET_MISSING,
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
                findings.add(finding(
                        FindingKind.VIP_RANGE_OUTSIDE_SUBNET,
                        "VIP range %s of cluster %s is not inside subnet %s (%s)"
                                .formatted(range, pool.cluster(), subnet.name(), subnet.cidr()),
                        ""));
            }
            subnet.pools().stream()
                    .filter(range::overlaps)
                    .forEach(overlap -> findings.add(finding(
                            FindingKind.VIP_RANGE_IN_ALLOCATION_POOL,
                            "VIP range %s of cluster %s overlaps allocation pool %s of subnet %s, where Neutron gives addresses to ports"
                                    .formatted(range, pool.cluster(), overlap, subnet.name()),
                            MendingCommands.pools(subnet, ranges(subnet, rules, facts)))));
            var gateway = subnet.gateway();
            if (gateway != null && range.contains(gateway)) {
                findings.add(finding(
                        FindingKind.GATEWAY_IN_VIP_RANGE,
                        "gateway %s of subnet %s lies in VIP range %s of cluster %s"
                                .formatted(gateway, subnet.name(), range, pool.cluster()),
                        MendingCommands.gateway(subnet, ranges(subnet, rules, facts))));
            }
        }
        if (subnet.gateway() == null) {
            findings.add(finding(
                    FindingKind.GATEWAY_MISSING,
                    "subnet %s has no gateway, so that load balancers cannot answer clients elsewhere"
                            .formatted(subnet.name()),
                    MendingCommands.gateway(subnet, ranges(subnet, rules, facts))));
        }
        boolean arePodsHere = facts.surroundings().podSubnets().values().stream()
                .anyMatch(pods -> pods.id().equals(subnet.id()));
        if (subnet.hasDhcp() && !arePodsHere) {
            findings.add(finding(
                    FindingKind.DHCP_ON_VIP_SUBNET,
                    "subnet %s has DHCP, whose ports take addresses that VIPs or amphorae could have"
                            .formatted(subnet.name()),
                    OpenStackCommands.setNoDhcp(subnet.id())));
        }
        if (subnet.routers().isEmpty()) {
            findings.add(finding(
                    FindingKind.ROUTER_MISSING,
                    "no router has an interface on subnet %s".formatted(subnet.name()),
                    MendingCommands.addToRouter(pool.cluster(), subnet.id(), facts)));
        }
        return findings;
    }

    private static List<Finding> vrrp(Rules.VipPool pool, Rules rules, NeutronFacts facts) {
        return facts.subnet(pool.subnet())
                .filter(subnet -> subnet.pools().isEmpty())
                .map(subnet -> List.of(finding(
                        FindingKind.ALLOCATION_POOL_MISSING,
                        "subnet %s has no allocation pool, from which amphorae take the addresses of their ports"
                                .formatted(subnet.name()),
                        MendingCommands.pools(subnet, ranges(subnet, rules, facts)))))
                .orElse(List.of());
    }

    /** The network or subnet of a pool that is missing. */
    private static String named(Rules.ExternalPool pool, NeutronFacts facts) {
        return pool.subnets().stream()
                .filter(facts.missing()::containsKey)
                .findFirst()
                .orElse(pool.network() == null ? String.valueOf(pool.subnet()) : pool.network());
    }

    private static List<Finding> external(Rules.ExternalPool pool, Rules rules, NeutronFacts facts) {
        var network = facts.externals().get(pool.name());
        if (network == null) {
            var named = named(pool, facts);
            return List.of(finding(
                    FindingKind.EXTERNAL_NETWORK_MISSING,
                    "floating network of external pool '%s' cannot be used: '%s': %s"
                            .formatted(pool.name(), named, facts.missing().getOrDefault(named, "it was not found")),
                    "openstack network list --external"));
        }
        var findings = new ArrayList<Finding>();
        if (!network.external()) {
            findings.add(finding(
                    FindingKind.NETWORK_NOT_EXTERNAL,
                    "network %s of external pool '%s' is not external".formatted(network.name(), pool.name()),
                    "openstack network set --external %s".formatted(network.networkId())));
        }
        for (var vips : rules.vipPools()) {
            boolean served = pool.clusters().isEmpty() || pool.clusters().contains(vips.cluster());
            if (vips.family() == IpFamily.IPV4 && served) {
                facts.subnet(vips.subnet())
                        .ifPresent(subnet -> findings.addAll(path(vips.cluster(), subnet, network, pool, facts)));
            }
        }
        return findings;
    }

    private static List<Finding> path(
            String cluster,
            NeutronFacts.Subnet subnet,
            NeutronFacts.ExternalNetwork network,
            Rules.ExternalPool pool,
            NeutronFacts facts) {
        return switch (NeutronFacts.path(subnet, network.networkId())) {
            case PRESENT -> List.of();
            case UNKNOWN ->
                List.of(finding(
                        FindingKind.ROUTER_NOT_VISIBLE,
                        "the router of subnet %s is not visible, so that its way to network %s of external pool '%s' is not known"
                                .formatted(subnet.name(), network.name(), pool.name()),
                        ""));
            case ABSENT ->
                List.of(finding(
                        FindingKind.ROUTER_PATH_MISSING,
                        "no router leads from subnet %s to network %s of external pool '%s'"
                                .formatted(subnet.name(), network.name(), pool.name()),
                        MendingCommands.leadOutside(cluster, subnet, network.networkId(), facts)));
        };
    }

    private static Finding finding(FindingKind kind, String message, String command) {
        return kind.finding(message, command);
    }
}
