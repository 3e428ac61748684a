package io.ballast.octavia.loadbalancer;

import io.ballast.schemas.contract.InOrder;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the OpenStack side of one Service.
 *
 * @param listed whether a list taken in this ownership was read; before it nothing may be written
 * @param freshUntil until when the heads are fresh enough to conclude that something does not exist
 * @param heads load balancers that carry the key or the uid of the Service, by id
 * @param full those of them that were read with their children, by id
 * @param suspects ids of those that may have changed behind our back: read before anything is concluded
 * @param unverified ids of those whose children's statuses have to be looked at
 * @param floatingIps floating IPs that lead to their VIPs
 * @param refused writes that OpenStack refused for good, and why
 * @param futile writes that it accepted and that changed nothing we see
 * @param failure why the last call failed; null after a success
 * @param retryAt no write before; null for any time
 * @param vips what holds the VIPs, where a create of ours found one taken or may have left it taken
 * @param pendingSince since when they are seen PENDING, by id
 * @param namesakes load balancers that are not ours and have its name, or a longer one that begins with it
 * @param listenerDefaults what this Octavia writes for timeouts that nobody asks for
 */
public record Knowledge(
        boolean listed,
        Instant freshUntil,
        SortedMap<String, LoadBalancerHead> heads,
        Map<String, ObservedLoadBalancer> full,
        Set<String> suspects,
        Set<String> unverified,
        List<FloatingIp> floatingIps,
        Map<OctaviaAction, Failure> refused,
        Set<OctaviaAction> futile,
        @Nullable Failure failure,
        @Nullable Instant retryAt,
        VipSight vips,
        Map<String, Instant> pendingSince,
        List<ForeignLoadBalancer> namesakes,
        ListenerDefaults listenerDefaults) {
    public Knowledge {
        heads = Collections.unmodifiableSortedMap(new TreeMap<>(heads));
        full = InOrder.copyOf(full);
        suspects = InOrder.copyOf(suspects);
        unverified = InOrder.copyOf(unverified);
        floatingIps = List.copyOf(floatingIps);
        futile = InOrder.copyOf(futile);
        refused = Collections.unmodifiableMap(refused);
        pendingSince = InOrder.copyOf(pendingSince);
        namesakes = List.copyOf(namesakes);
    }

    boolean isFresh(Instant now) {
        return now.isBefore(freshUntil);
    }

    boolean mayTry(OctaviaAction action) {
        return !refused.containsKey(action) && !futile.contains(action);
    }
}
