package io.ballast.ipam.allocation.layout;

import io.ballast.ipam.allocation.AddressRange;
import io.ballast.schemas.contract.CidrRange;
import io.ballast.schemas.contract.IpFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The networks of a cluster.
 *
 * @param cluster its name, which the names of everything begin with
 * @param provider Octavia provider of its load balancers
 * @param families one or two families, IPv4 first
 * @param floatingNetwork network that the router leads to and floating IPs come from, id or name; null for none
 * @param externalRanges plain ranges of external addresses, sorted
 * @param isLayer2 whether load balancers have a port in the subnet of their members
 */
public record NetworkLayout(
        String cluster,
        String provider,
        List<Family> families,
        @Nullable String floatingNetwork,
        List<AddressRange> externalRanges,
        boolean isLayer2) {
    private static final String CLUSTER_NAME = "[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?";
    private static final List<String> PROVIDERS = List.of("amphora", "ovn");

    /** Ranges that are nobody's own. Source: RFC 6890. */
    private static final List<CidrRange> SPECIAL = List.of(
            CidrRange.of("0.0.0.0/8"),
            CidrRange.of("127.0.0.0/8"),
            CidrRange.of("169.254.0.0/16"),
            CidrRange.of("224.0.0.0/4"),
            CidrRange.of("::/127"),
            CidrRange.of("fe80::/10"),
            CidrRange.of("ff00::/8"));

    /** Members are reached through the router. */
    public NetworkLayout(
            String cluster,
            String provider,
            List<Family> families,
            @Nullable String floatingNetwork,
            List<AddressRange> externalRanges) {
        this(cluster, provider, families, floatingNetwork, externalRanges, false);
    }

    public NetworkLayout {
        families = List.copyOf(families);
        externalRanges = externalRanges.stream().sorted().toList();
        if (!cluster.matches(CLUSTER_NAME)) {
            throw new IllegalArgumentException(
                    "cluster '%s' is no name: 1..63 of a-z, 0-9, '-' and '.'".formatted(cluster));
        }
        if (!PROVIDERS.contains(provider)) {
            throw new IllegalArgumentException("provider '%s' is not one of %s".formatted(provider, PROVIDERS));
        }
        if (families.isEmpty()) {
            throw new IllegalArgumentException(
                    "no range of services is given: one of IPv4 such as 10.2.0.0/16, of IPv6 such as fd10:0:0:2::/112, or both");
        }
        checkRanges(families, externalRanges);
    }

    /**
     * The subnets of one family.
     *
     * @param services where the VIPs are
     * @param pods where the pods are; null when they share the subnet of the VIPs
     */
    public record Family(SubnetLayout services, @Nullable SubnetLayout pods) {
        /** Pods and services on subnets of their own. */
        public static Family separate(CidrRange services, CidrRange pods) {
            if (services.overlaps(pods)) {
                throw new IllegalArgumentException(
                        "pods %s and services %s overlap: give them ranges of their own, or a shared subnet"
                                .formatted(pods, services));
            }
            return new Family(SubnetLayout.services(services), SubnetLayout.pods(pods));
        }

        /** Pods and services on one subnet. */
        public static Family shared(CidrRange both) {
            return new Family(SubnetLayout.shared(both), null);
        }

        public boolean isShared() {
            return pods == null;
        }

        public IpFamily family() {
            return services.family();
        }

        /** Where pods are. */
        public SubnetLayout podSubnet() {
            return pods == null ? services : pods;
        }

        /** What Kubernetes gets as its service range. */
        public CidrRange vips() {
            return services.vipRange().orElseThrow();
        }
    }

    public boolean isShared() {
        return families.getFirst().isShared();
    }

    /** Whether amphorae have ports in the subnets of pods, and send from there. */
    public boolean takesPortsOfPods() {
        return isLayer2 && !isShared() && provider.equals("amphora");
    }

    public Optional<String> floating() {
        return Optional.ofNullable(floatingNetwork);
    }

    /** What works, but not everywhere or not fully, in words. */
    public List<String> notes() {
        var notes = new ArrayList<String>();
        for (var family : families) {
            int bits = family.vips().network().bits() - family.vips().prefix();
            if (bits > 20) {
                notes.add("VIP range %s has 2^%d addresses: kube-apiserver before 1.33 takes at most 2^20"
                        .formatted(family.vips(), bits));
            }
        }
        if (floatingNetwork == null) {
            notes.add("no external network is given: the router leads nowhere, and there are no floating IPs");
        }
        if (takesPortsOfPods()) {
            notes.add(
                    "members in layer 2: each amphora takes an address of the pods' subnet too, which the CNI must leave to it");
        }
        if (families.stream().anyMatch(family -> family.family() == IpFamily.IPV6)) {
            notes.add("floating IPs are IPv4 only: IPv6 external addresses come from plain ranges");
        }
        return List.copyOf(notes);
    }

    private static void checkRanges(List<Family> families, List<AddressRange> externals) {
        var own = new ArrayList<CidrRange>();
        for (var family : families) {
            own.add(family.services().cidr());
            if (!family.isShared()) {
                own.add(family.podSubnet().cidr());
            }
        }
        for (var range : own) {
            SPECIAL.stream().filter(range::overlaps).findFirst().ifPresent(special -> {
                throw new IllegalArgumentException(
                        "range %s reaches into %s, which no network may have".formatted(range, special));
            });
            externals.stream()
                    .filter(AddressRange.of(range)::overlaps)
                    .findFirst()
                    .ifPresent(external -> {
                        throw new IllegalArgumentException(
                                "external range %s overlaps %s of the cluster".formatted(external, range));
                    });
        }
    }
}
