package io.ballast.translator.translation;

import io.ballast.schemas.contract.CidrRange;
import io.ballast.schemas.contract.IpAddress;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where members may lie, and in which subnet they do. Source: CVE-2021-25740, endpoints that users write by hand. */
final class MemberRanges {
    /** IPv4 within IPv6: compatible, NAT64 and 6to4, by which the ranges of IPv4 could be got round. */
    private static final List<CidrRange> EMBEDDED =
            List.of(CidrRange.of("::/96"), CidrRange.of("64:ff9b::/96"), CidrRange.of("2002::/16"));

    private MemberRanges() {}

    /**
     * Whether an address may be a member.
     *
     * @param vips VIPs of the Service itself: a load balancer behind itself is a loop
     */
    static boolean admits(ClusterSettings settings, Collection<IpAddress> vips, IpAddress address) {
        if (isNowhere(address) || vips.contains(address) || contains(settings.serviceRanges(), address)) {
            return false;
        }
        var ranges = Stream.of(settings.podRanges(), settings.nodeRanges(), settings.extraMemberRanges())
                .flatMap(List::stream)
                .toList();
        return ranges.isEmpty() || contains(ranges, address);
    }

    /** Addresses that are nobody's, or mean the host that asks: of the amphora itself, or of the cloud's metadata. */
    static boolean isNowhere(IpAddress address) {
        return address.isLoopback()
                || address.isLinkLocal()
                || address.isMulticast()
                || address.isUnspecified()
                || EMBEDDED.stream().anyMatch(range -> range.contains(address));
    }

    /** The subnet of a member; null for the VIP's. Pods on the host network lie where the nodes do. */
    static @Nullable String subnet(ClusterSettings settings, MemberKind members, IpAddress address) {
        return switch (settings.memberSubnets()) {
            case MemberSubnets.Layer3 _ -> null;
            case MemberSubnets.Layer2(var pods, var nodes) -> {
                boolean ofNode = members == MemberKind.NODES
                        || (contains(settings.nodeRanges(), address) && !contains(settings.podRanges(), address));
                var subnet = (ofNode ? nodes : pods).get(address.family());
                yield subnet != null ? subnet : pods.get(address.family());
            }
        };
    }

    private static boolean contains(List<CidrRange> ranges, IpAddress address) {
        return ranges.stream().anyMatch(range -> range.contains(address));
    }
}
