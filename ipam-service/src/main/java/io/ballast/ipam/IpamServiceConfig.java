package io.ballast.ipam;

import io.ballast.ipam.allocation.AddressRange;
import io.ballast.ipam.allocation.PodRules;
import io.ballast.ipam.allocation.PoolTerms;
import io.ballast.ipam.allocation.Rules;
import io.ballast.ipam.allocation.layout.LayoutResources;
import io.ballast.openstack.CloudOptions;
import io.ballast.openstack.CloudSettings;
import io.ballast.openstack.CloudSource;
import io.ballast.runtime.config.ConfigReader;
import io.ballast.schemas.contract.CidrRange;
import io.ballast.schemas.contract.IpAddress;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.LabelSelector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Configuration of ipam-service; {@code ipam-service.yaml} among the resources is an example with every key.
 *
 * @param rules pools, checked against each other
 * @param cloud how to reach OpenStack; empty: nothing is granted until it is configured
 * @param readEvery how often Neutron is read
 * @param checkEvery how often granted floating IPs are compared with those that Neutron lists
 * @param publishEvery how often pool records are written at most
 */
public record IpamServiceConfig(
        Rules rules, Optional<CloudSource> cloud, Duration readEvery, Duration checkEvery, Duration publishEvery) {
    private static final String CLUSTER_NAME = "[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?";
    private static final int FAILOVERS_MAX = 1_000;
    private static final int PRIORITY_MAX = 1_000;
    private static final Duration KEEP_FOR = Duration.ofDays(30);

    private enum MemberSubnets {
        LAYER3,
        LAYER2
    }

    private enum Topology {
        SINGLE,
        ACTIVE_STANDBY
    }

    /**
     * Reads every key but those of the shell; mistakes are noted in the reader.
     *
     * @param environment environment variables, for those of OpenStack
     */
    public static IpamServiceConfig from(ConfigReader read, Map<String, String> environment) {
        var clusters = new LinkedHashMap<String, Rules.Cluster>();
        read.sections("clusters").forEach((name, section) -> {
            if (!name.matches(CLUSTER_NAME)) {
                read.fail("clusters." + name, "is no name of a cluster: 1..63 of a-z, 0-9, '-' and '.'");
            }
            clusters.put(name, cluster(name, section));
        });
        if (clusters.isEmpty()) {
            read.fail("clusters", "names no cluster: at least one with a subnet and ranges for its VIPs is needed");
        }
        var pools = new ArrayList<Rules.ExternalPool>();
        read.sections("external-pools")
                .forEach((name, section) ->
                        pool(name, section, clusters.keySet()).ifPresent(pools::add));
        int failovers = read.integer("failover-headroom", 0, FAILOVERS_MAX, 1);
        return new IpamServiceConfig(
                new Rules(clusters, pools, failovers, read.flag("floating-ips-of-any-project", false)),
                cloud(read, environment),
                read.duration("neutron-read-interval", Duration.ofMinutes(1)),
                read.duration("floating-ip-check-interval", Duration.ofMinutes(10)),
                read.duration("pool-publish-interval", Duration.ofSeconds(2)));
    }

    private static Rules.Cluster cluster(String name, ConfigReader read) {
        var pools = new ArrayList<Rules.VipPool>();
        for (var family : List.of(IpFamily.IPV4, IpFamily.IPV6)) {
            var key = family.name().toLowerCase(Locale.ROOT);
            if (!read.has(key)) {
                continue;
            }
            vips(name, key, read.section(key), family).ifPresent(pools::add);
        }
        read.sections("more-vips").forEach((pool, section) -> {
            if (!pool.matches(CLUSTER_NAME) || pool.equals("ipv4") || pool.equals("ipv6")) {
                read.fail("more-vips." + pool, "is no name: 1..63 of a-z, 0-9, '-' and '.', not ipv4 or ipv6");
            } else {
                var family = section.choice("family", IpFamily.class, IpFamily.IPV4);
                vips(name, pool, section, family).ifPresent(pools::add);
            }
        });
        var topology = read.choice("topology", Topology.class, Topology.SINGLE);
        return new Rules.Cluster(
                pools, topology == Topology.SINGLE ? 1 : 2, read.text("default-provider", "amphora"), pods(read));
    }

    private static PodRules pods(ConfigReader read) {
        var hosts = new ArrayList<IpAddress>();
        for (var text : read.list("api-hosts", List.of())) {
            IpAddress.parse(text)
                    .ifPresentOrElse(
                            hosts::add,
                            () -> read.fail("api-hosts", "holds '%s', which is no address".formatted(text)));
        }
        var protocols = read.list("protocols", List.of("tcp", "udp"));
        protocols.stream()
                .filter(protocol -> !LayoutResources.PROTOCOLS.contains(protocol))
                .forEach(protocol -> read.fail(
                        "protocols",
                        "holds '%s', which is not one of %s".formatted(protocol, LayoutResources.PROTOCOLS)));
        return new PodRules(
                read.list("pod-subnets", List.of()),
                read.list("pod-security-groups", List.of()),
                protocols,
                hosts,
                read.choice("member-subnets", MemberSubnets.class, MemberSubnets.LAYER3) == MemberSubnets.LAYER2);
    }

    private static Optional<Rules.VipPool> vips(String cluster, String name, ConfigReader read, IpFamily family) {
        var subnet = read.text("subnet");
        var ranges = ranges(read);
        if (ranges.isEmpty()) {
            read.fail("ranges", "is missing: the addresses of subnet %s that VIPs may have".formatted(subnet));
        } else if (ranges.stream().anyMatch(range -> range.family() != family)) {
            read.fail("ranges", "are not all " + family);
        } else {
            return Optional.of(new Rules.VipPool(cluster + "/vip/" + name, cluster, family, subnet, ranges));
        }
        return Optional.empty();
    }

    private static Optional<Rules.ExternalPool> pool(String name, ConfigReader read, Set<String> clusters) {
        var network = read.optionalText("network").orElse(null);
        var subnets = new ArrayList<String>();
        read.optionalText("subnet").ifPresent(subnets::add);
        subnets.addAll(read.list("subnets", List.of()));
        var subnet = subnets.isEmpty() ? null : subnets.removeFirst();
        var ranges = withoutEdges(read, ranges(read));
        var rest = read.duration("quarantine", Duration.ofSeconds(60));
        var terms = terms(read, clusters, !ranges.isEmpty());
        try {
            return Optional.of(new Rules.ExternalPool(name, network, subnet, ranges, rest, terms, subnets));
        } catch (IllegalArgumentException e) {
            read.fail(read.has("ranges") ? "ranges" : "network", "cannot be used: " + e.getMessage());
            return Optional.empty();
        }
    }

    private static PoolTerms terms(ConfigReader read, Set<String> clusters, boolean isPlain) {
        var served = new TreeSet<>(read.list("clusters", List.of()));
        served.stream()
                .filter(cluster -> !clusters.contains(cluster))
                .forEach(cluster -> read.fail("clusters", "names '%s', which is no cluster here".formatted(cluster)));
        if (!isPlain && read.has("keep-for")) {
            read.fail(
                    "keep-for",
                    "is for plain ranges: a floating IP that is kept stays until it is deleted in OpenStack");
        }
        return new PoolTerms(
                served,
                new TreeSet<>(read.list("namespaces", List.of())),
                selector(read, "namespace-selector").orElse(null),
                selector(read, "service-selector").orElse(LabelSelector.ALL),
                read.integer("priority", -PRIORITY_MAX, PRIORITY_MAX, 0),
                read.flag("auto-assign", true),
                read.flag("draining", false),
                limit(read, "per-namespace"),
                limit(read, "per-cluster"),
                isPlain ? read.duration("keep-for", KEEP_FOR) : null);
    }

    private static Optional<LabelSelector> selector(ConfigReader read, String key) {
        try {
            return read.optionalText(key).map(LabelSelector::parse);
        } catch (IllegalArgumentException e) {
            read.fail(key, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private static int limit(ConfigReader read, String key) {
        return read.has(key) ? read.integer(key, 1, PoolTerms.UNLIMITED - 1) : PoolTerms.UNLIMITED;
    }

    private static List<AddressRange> ranges(ConfigReader read) {
        var excluded = ranges(read, "exclude");
        return ranges(read, "ranges").stream()
                .flatMap(range -> range.without(excluded).stream())
                .toList();
    }

    private static List<AddressRange> ranges(ConfigReader read, String key) {
        var ranges = new ArrayList<AddressRange>();
        for (var text : read.list(key, List.of())) {
            try {
                ranges.add(AddressRange.parse(text));
            } catch (IllegalArgumentException e) {
                read.fail(
                        key,
                        "holds %s, which is no first-last, network or address: %s".formatted(text, e.getMessage()));
            }
        }
        return ranges;
    }

    /** Without the network and broadcast address of each network that is written as one: hosts may not have them. */
    private static List<AddressRange> withoutEdges(ConfigReader read, List<AddressRange> ranges) {
        if (read.flag("network-and-broadcast", false)) {
            return ranges;
        }
        var edges = read.list("ranges", List.of()).stream()
                .filter(text -> text.indexOf('/') >= 0)
                .flatMap(text -> CidrRange.parse(text.strip()).stream())
                .flatMap(IpamServiceConfig::edges)
                .toList();
        return ranges.stream().flatMap(range -> range.without(edges).stream()).toList();
    }

    /** A network of one or two addresses has none; of IPv6 only the first, that of the routers, is special (RFC 4291). */
    private static Stream<AddressRange> edges(CidrRange network) {
        if (AddressRange.of(network).size() <= 2) {
            return Stream.empty();
        }
        var first = new AddressRange(network.network(), network.network());
        return network.network().family() == IpFamily.IPV6
                ? Stream.of(first)
                : Stream.of(first, new AddressRange(network.last(), network.last()));
    }

    /** The cloud that is named, here or by OS_CLOUD; none is found by accident. */
    private static Optional<CloudSource> cloud(ConfigReader root, Map<String, String> environment) {
        var read = root.section("openstack");
        var options = new CloudOptions(
                read.optionalText("cloud"),
                read.optionalText("clouds-file"),
                read.optionalText("secure-file"),
                read.duration("read-timeout", CloudSettings.DEFAULT_READ_TIMEOUT),
                read.duration("query-timeout", CloudSettings.DEFAULT_QUERY_TIMEOUT),
                read.integer("requests-per-second", 1, 1_000, CloudOptions.DEFAULT_REQUESTS_PER_SECOND));
        try {
            return options.find(environment);
        } catch (IllegalArgumentException e) {
            read.fail("cloud", "cannot be used: " + e.getMessage());
            return Optional.empty();
        }
    }
}
