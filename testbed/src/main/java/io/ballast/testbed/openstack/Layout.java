package io.ballast.testbed.openstack;

import io.ballast.ipam.allocation.layout.NetworkLayout;
import io.ballast.ipam.allocation.layout.NetworkLayout.Family;
import io.ballast.schemas.contract.CidrRange;
import io.ballast.schemas.contract.IpFamily;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The networks of a cluster, as {@code ballast plan} computes them from the ranges of kuryr's documentation. */
@SuppressWarnings("ImmutableEnumChecker") // records of records
public enum Layout {
    /** Pods and services on networks of their own. */
    DEFAULT(IpFamily.IPV4, Ranges.SEPARATE),
    /** Pods and services on one subnet. */
    SHARED(IpFamily.IPV4, Family.shared(CidrRange.of("10.0.0.0/16"))),
    /** IPv6 pods and services; their networks have the IPv4 subnets of the default layout besides. */
    IPV6(IpFamily.IPV6, Ranges.SEPARATE, Ranges.SEPARATE_V6),
    /** Both families, IPv4 first: the networks of IPV6, with Kubernetes on both. */
    DUAL(IpFamily.IPV4, Ranges.SEPARATE, Ranges.SEPARATE_V6);

    private static final class Ranges {
        private static final Family SEPARATE =
                Family.separate(CidrRange.of("10.2.0.0/16"), CidrRange.of("10.1.0.0/16"));
        private static final Family SEPARATE_V6 =
                Family.separate(CidrRange.of("fd10:0:0:2::/112"), CidrRange.of("fd10:0:0:1::/64"));
    }

    /** External network of every modelled cloud. */
    public static final String PUBLIC = "public";

    private final NetworkLayout network;
    private final Family first;

    Layout(IpFamily first, Family... families) {
        this.network = new NetworkLayout("k8s", "amphora", List.of(families), PUBLIC, List.of());
        this.first = Arrays.stream(families)
                .filter(family -> family.family() == first)
                .findFirst()
                .orElseThrow();
    }

    /** The layout with this name, whatever its case; throws naming those there are. */
    public static Layout named(String name) {
        return Arrays.stream(values())
                .filter(each -> each.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no layout named " + name + "; there are "
                        + Arrays.toString(values()).toLowerCase(Locale.ROOT)));
    }

    /** The layout of the second family; empty where there is one. */
    public Optional<Layout> second() {
        return this == DUAL ? Optional.of(IPV6) : Optional.empty();
    }

    /** All of it, with subnets that this cluster does not use. */
    public NetworkLayout network() {
        return network;
    }

    /** All of it for a cluster of that name. */
    public NetworkLayout network(String cluster) {
        return new NetworkLayout(
                cluster, network.provider(), network.families(), network.floatingNetwork(), network.externalRanges());
    }

    /** The family of the cluster's own, or its first. */
    public IpFamily family() {
        return first.family();
    }

    /** The subnet of the pods. */
    public String podCidr() {
        return first.podSubnet().cidr().toString();
    }

    /** The addresses that pods get where nobody asks Neutron: in a shared subnet its last quarter, so that they never meet VIPs. */
    public String podRange() {
        var pods = first.podSubnet();
        return first.isShared()
                ? CidrRange.around(pods.pool().last(), pods.cidr().prefix() + 2).toString()
                : podCidr();
    }

    /** The subnet that VIPs are in. */
    public String serviceCidr() {
        return first.services().cidr().toString();
    }

    /** The range that VIPs come from: what Kubernetes has as its service range. */
    public String vipCidr() {
        return first.vips().toString();
    }
}
