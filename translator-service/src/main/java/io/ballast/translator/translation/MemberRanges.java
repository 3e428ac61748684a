package io.ballast.translator.translation;

import io.ballast.schemas.contract.CidrRange;
import io.ballast.schemas.contract.IpAddress;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where members may lie, and in which subnet they do. Source: CVE-2021-25740, endpoints that users write by hand. */
final class MemberRanges {
    private MemberRanges() {}

    static boolean admits(ClusterSettings settings, IpAddress address) {
        if (address.isLoopback() || address.isLinkLocal() || address.isMulticast() || address.isUnspecified()) {
            return false;
        }
        var ranges = Stream.of(settings.podRanges(), settings.nodeRanges(), settings.extraMemberRanges())
                .flatMap(List::stream)
                .toList();
        return ranges.isEmpty() || contains(ranges, address);
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
