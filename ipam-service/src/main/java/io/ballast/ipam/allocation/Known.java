package io.ballast.ipam.allocation;

import io.ballast.schemas.contract.InOrder;
import io.ballast.schemas.contract.IpAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the floating IPs of one Service, from the calls made for it. Nothing after a restart.
 *
 * @param ours those with its identity; null when it was not looked since a call whose answer is not certain
 * @param byAddress what lies at an address asked for; empty for no floating IP, no entry when it was not looked
 * @param denied why Neutron refused the last creation or look; null when it did not
 * @param lateUntil until when a creation by an earlier owner may still arrive, so that it is looked after that time; null
 *     when none can
 */
public record Known(
        @Nullable List<FloatingIp> ours,
        Map<IpAddress, Optional<FloatingIp>> byAddress,
        @Nullable Denial denied,
        @Nullable Instant lateUntil,
        Set<String> doubted,
        Map<String, Sight> sights,
        @Nullable Instant replaceNotBefore) {
    /** Nothing. */
    public static final Known NOTHING = new Known(null, Map.of(), null, null, Set.of(), Map.of(), null);

    public Known {
        ours = ours == null
                ? null
                : ours.stream().sorted(FloatingIp.OLDEST_FIRST).toList();
        byAddress = InOrder.copyOf(byAddress);
        doubted = InOrder.copyOf(doubted);
        sights = InOrder.copyOf(sights);
    }
}
