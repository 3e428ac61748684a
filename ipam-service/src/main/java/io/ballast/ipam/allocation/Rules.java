package io.ballast.ipam.allocation;

import io.ballast.schemas.contract.AddressClaim;
import io.ballast.schemas.contract.ExternalClaim;
import io.ballast.schemas.contract.InOrder;
import io.ballast.schemas.contract.IpAddress;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.ServiceKey;
import io.ballast.schemas.contract.VipClaim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the operator configured, checked: pools do not overlap.
 *
 * @param clusters clusters by name
 * @param externals external pools; the first that may serve a claim is its default
 * @param failovers amphora failovers at a time for which each subnet keeps room
 * @param anyProject whether users may name floating IPs of other projects than that of the credentials
 */
public record Rules(Map<String, Cluster> clusters, List<ExternalPool> externals, int failovers, boolean anyProject) {
    /** Users name floating IPs of the project of the credentials. */
    public Rules(Map<String, Cluster> clusters, List<ExternalPool> externals, int failovers) {
        this(clusters, externals, failovers, false);
    }

    public Rules {
        clusters = InOrder.copyOf(clusters);
        externals = List.copyOf(externals);
        checkVips(vipPools(clusters));
        checkExternals(externals);
    }

    /**
     * One Kubernetes cluster.
     *
     * @param vips its VIP pools; the first of a family serves claims that name no subnet
     * @param amphorae amphorae of a load balancer: 1 for SINGLE, 2 for ACTIVE_STANDBY
     * @param defaultProvider the provider that serves a claim that names none
     * @param pods what the pre-flight compares beside
     */
    public record Cluster(List<VipPool> vips, int amphorae, String defaultProvider, PodRules pods) {
        /** Nothing is compared but VIPs. */
        public Cluster(List<VipPool> vips, int amphorae, String defaultProvider) {
            this(vips, amphorae, defaultProvider, PodRules.NONE);
        }

        public Cluster {
            vips = List.copyOf(vips);
            if (amphorae != 1 && amphorae != 2) {
                throw new IllegalArgumentException(
                        "%d amphorae for a load balancer are not 1 or 2".formatted(amphorae));
            }
        }

        Optional<VipPool> vips(VipClaim wanted) {
            return vips.stream()
                    .filter(pool -> pool.family() == wanted.family())
                    .filter(pool -> wanted.subnet() == null || wanted.subnet().equals(pool.subnet()))
                    .findFirst();
        }
    }

    /**
     * VIP addresses of one family of a cluster.
     *
     * @param name name in the topic address-pools
     * @param cluster name of the cluster
     * @param subnet id or name of the subnet they lie in
     * @param ranges ranges of the family, sorted; not empty
     */
    public record VipPool(String name, String cluster, IpFamily family, String subnet, List<AddressRange> ranges) {
        public VipPool {
            ranges = checkRanges(name, ranges);
            if (ranges.stream().anyMatch(range -> range.family() != family)) {
                throw new IllegalArgumentException(
                        "VIP ranges %s of %s are not all %s".formatted(ranges, name, family));
            }
        }

        boolean contains(IpAddress address) {
            return AddressRange.any(ranges, address);
        }

        /** Name under which the room for vrrp ports of its subnet is published. */
        public String vrrpName() {
            return name.replace("/vip/", "/vrrp/");
        }
    }

    /**
     * Addresses reachable from outside: floating IPs of a network, or plain ranges.
     *
     * @param name its name
     * @param network floating network, id or name; null when the subnet implies it, or for plain ranges
     * @param subnet subnet of the floating network, id or name, the first of several; null for any
     * @param ranges plain ranges of one family; empty for a floating network
     * @param rest how long an address rests after release
     * @param terms whom it serves, and how
     * @param furtherSubnets subnets of the floating network that are used, in order, when those before are full
     */
    public record ExternalPool(
            String name,
            @Nullable String network,
            @Nullable String subnet,
            List<AddressRange> ranges,
            Duration rest,
            PoolTerms terms,
            List<String> furtherSubnets) {
        public ExternalPool {
            furtherSubnets = List.copyOf(furtherSubnets);
            if (subnet == null && !furtherSubnets.isEmpty()) {
                throw new IllegalArgumentException(
                        "external pool '%s' has further subnets and no first one".formatted(name));
            }
            if ((network == null && subnet == null) == ranges.isEmpty()) {
                throw new IllegalArgumentException(
                        "external pool '%s' needs either a floating network (or its subnet) or ranges".formatted(name));
            }
            ranges = ranges.isEmpty() ? List.of() : checkRanges(name, ranges);
            if (name.isEmpty() || name.indexOf('/') >= 0) {
                throw new IllegalArgumentException("external pool '%s' needs a name without '/'".formatted(name));
            }
            if (ranges.stream().map(AddressRange::family).distinct().count() > 1) {
                throw new IllegalArgumentException("ranges of external pool '%s' mix families".formatted(name));
            }
        }

        /** Of one subnet, or of any. */
        public ExternalPool(
                String name,
                @Nullable String network,
                @Nullable String subnet,
                List<AddressRange> ranges,
                Duration rest,
                PoolTerms terms) {
            this(name, network, subnet, ranges, rest, terms, List.of());
        }

        /** For these clusters and namespaces, on the usual terms. */
        public ExternalPool(
                String name,
                @Nullable String network,
                @Nullable String subnet,
                List<AddressRange> ranges,
                Duration rest,
                Set<String> clusters,
                Set<String> namespaces) {
            this(name, network, subnet, ranges, rest, PoolTerms.of(clusters, namespaces));
        }

        boolean contains(IpAddress address) {
            return AddressRange.any(ranges, address);
        }

        public boolean isFloating() {
            return ranges.isEmpty();
        }

        /** Floating IPs are IPv4: Neutron has no others. */
        public IpFamily family() {
            return isFloating() ? IpFamily.IPV4 : ranges.getFirst().family();
        }

        /** Subnets of the floating network, each tried when those before it are full; empty: Neutron chooses. */
        public List<String> subnets() {
            return subnet == null
                    ? List.of()
                    : Stream.concat(Stream.of(subnet), furtherSubnets.stream()).toList();
        }

        /** Whether it is of this network and no other subnet, as the configuration names them; null is any. */
        boolean isOf(@Nullable String floatingNetwork, @Nullable String floatingSubnet) {
            return (floatingNetwork == null || floatingNetwork.equals(network))
                    && (floatingSubnet == null || subnets().equals(List.of(floatingSubnet)));
        }

        /** Clusters it serves; empty for all. */
        Set<String> clusters() {
            return terms.clusters();
        }

        boolean serves(ServiceKey key, AddressClaim claim) {
            return terms.serves(key, claim);
        }

        /** Whether it is what a claim names; one that names nothing means any. */
        boolean isNamed(ExternalClaim wanted) {
            return (wanted.pool() == null || wanted.pool().equals(name)) && isOf(wanted.network(), wanted.subnet());
        }

        /** Whether a claim may have it by its name and family. */
        private boolean isFor(ExternalClaim wanted) {
            return isNamed(wanted) && family() == wanted.family() && (namesSome(wanted) || terms.autoAssign());
        }
    }

    /** Every VIP pool, sorted by name. */
    public List<VipPool> vipPools() {
        return vipPools(clusters);
    }

    private static List<VipPool> vipPools(Map<String, Cluster> clusters) {
        return clusters.values().stream()
                .flatMap(cluster -> cluster.vips().stream())
                .sorted(Comparator.comparing(VipPool::name))
                .toList();
    }

    Optional<VipPool> vips(String cluster, VipClaim wanted) {
        return Optional.ofNullable(clusters.get(cluster)).flatMap(rules -> rules.vips(wanted));
    }

    /** Subnets that a VIP of a family may lie in, as the configuration names them. */
    List<String> vipSubnets(String cluster, IpFamily family) {
        return Optional.ofNullable(clusters.get(cluster)).map(Cluster::vips).orElse(List.of()).stream()
                .filter(pool -> pool.family() == family)
                .map(VipPool::subnet)
                .toList();
    }

    /** The pool of a claim: one that grants before one that drains, then by priority, then in order. */
    Optional<ExternalPool> external(ServiceKey key, AddressClaim claim, ExternalClaim wanted) {
        return tried(key, claim, wanted).stream().findFirst();
    }

    /** The pools that a claim may have an address of, each when those before it are full; the one alone that it names. */
    List<ExternalPool> tried(ServiceKey key, AddressClaim claim, ExternalClaim wanted) {
        var pools = externals.stream()
                .filter(pool -> pool.isFor(wanted) && pool.serves(key, claim))
                .sorted(Comparator.comparing((ExternalPool pool) -> pool.terms().draining())
                        .thenComparing(pool -> -pool.terms().priority()))
                .toList();
        var further = pools.stream()
                .skip(1)
                .filter(pool -> !namesSome(wanted) && !pool.terms().draining());
        return Stream.concat(pools.stream().limit(1), further).toList();
    }

    private static boolean namesSome(ExternalClaim wanted) {
        return wanted.pool() != null || wanted.network() != null || wanted.subnet() != null;
    }

    /** Whether there is a pool of floating IPs of a name, or for none any, that serves the claim. */
    boolean hasFloating(ServiceKey key, AddressClaim claim, @Nullable String name) {
        return externals.stream()
                .anyMatch(pool ->
                        pool.isFloating() && (name == null || pool.name().equals(name)) && pool.serves(key, claim));
    }

    Optional<ExternalPool> external(String name) {
        return externals.stream().filter(pool -> pool.name().equals(name)).findFirst();
    }

    /**
     * The pool that an address granted under a name belongs to now: pools may have been renamed, split or shrunk since. One
     * that belongs to none is remembered by the first of its family, so that its rest is kept; empty when there is none.
     */
    Optional<ExternalPool> home(String name, IpAddress address) {
        var named = external(name);
        if (named.filter(pool -> pool.isFloating() || pool.contains(address)).isPresent()) {
            return named;
        }
        return externals.stream()
                .filter(pool -> pool.contains(address))
                .findFirst()
                .or(() -> named)
                .or(() -> externals.stream()
                        .filter(pool -> pool.family() == address.family())
                        .findFirst());
    }

    /** Amphorae of a load balancer of this provider; 0 for providers that have none. Source: Octavia provider names. */
    int amphorae(String cluster, String provider) {
        var rules = clusters.get(cluster);
        if (rules == null) {
            return 0;
        }
        return switch (provider.isEmpty() ? rules.defaultProvider() : provider) {
            case "amphora", "amphorav2", "octavia" -> rules.amphorae();
            default -> 0;
        };
    }

    private static List<AddressRange> checkRanges(String pool, List<AddressRange> ranges) {
        if (ranges.isEmpty()) {
            throw new IllegalArgumentException("pool '%s' has no range".formatted(pool));
        }
        var sorted = ranges.stream().sorted().toList();
        for (int i = 1; i < sorted.size(); i++) {
            if (sorted.get(i - 1).overlaps(sorted.get(i))) {
                throw new IllegalArgumentException(
                        "ranges %s and %s of pool '%s' overlap".formatted(sorted.get(i - 1), sorted.get(i), pool));
            }
        }
        return sorted;
    }

    /** Two pools of one subnet share no address, whichever clusters they are of. */
    private static void checkVips(List<VipPool> pools) {
        for (int i = 0; i < pools.size(); i++) {
            var pool = pools.get(i);
            for (var other : pools.subList(0, i)) {
                if (other.subnet().equals(pool.subnet())) {
                    checkApart("VIP pool", pool.name(), pool.ranges(), other.name(), other.ranges());
                }
            }
        }
    }

    private static void checkApart(
            String kind, String name, List<AddressRange> ranges, String otherName, List<AddressRange> others) {
        for (var range : ranges) {
            others.stream().filter(range::overlaps).findFirst().ifPresent(overlap -> {
                throw new IllegalArgumentException(
                        "range %s of %s '%s' overlaps %s of '%s'".formatted(range, kind, name, overlap, otherName));
            });
        }
    }

    private static void checkExternals(List<ExternalPool> pools) {
        var seen = new ArrayList<ExternalPool>();
        for (var pool : pools) {
            for (var other : seen) {
                if (other.name().equals(pool.name())) {
                    throw new IllegalArgumentException("two external pools are named '%s'".formatted(pool.name()));
                }
                checkApart("external pool", pool.name(), pool.ranges(), other.name(), other.ranges());
            }
            seen.add(pool);
        }
    }
}
