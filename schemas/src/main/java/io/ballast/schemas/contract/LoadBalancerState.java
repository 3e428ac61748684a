package io.ballast.schemas.contract;

import java.util.List;

/**
 * One load balancer as Octavia last showed it.
 *
 * @param id Octavia id
 * @param name name
 * @param provider Octavia provider
 * @param vips VIPs, primary first
 * @param provisioningStatus provisioning status; PENDING states are shown while they last
 * @param operatingStatus operating status
 * @param listeners listeners, sorted by protocol and port
 * @param updatedAt updated_at of Octavia when the listeners and what belongs to them were last known, UTC, as Octavia writes
 *     it; empty while unknown
 * @param tags tags that octavia put there for annotations and configuration, sorted: it takes away those that are not desired
 *     any more, and no others; the tags of its identity are not among them
 * @param served whether it was ever seen ACTIVE; false only when it is certain that it was not
 * @param failedMonitors pools whose health monitor Octavia put into ERROR, each with what it was, sorted: deleted, and not made
 *     again as long as the same is desired
 */
public record LoadBalancerState(
        String id,
        String name,
        String provider,
        List<ObservedVip> vips,
        ProvisioningStatus provisioningStatus,
        OperatingStatus operatingStatus,
        List<ObservedListener> listeners,
        String updatedAt,
        List<String> tags,
        boolean served,
        List<String> failedMonitors) {
    public LoadBalancerState {
        vips = List.copyOf(vips);
        listeners = List.copyOf(listeners);
        tags = List.copyOf(tags);
        failedMonitors = List.copyOf(failedMonitors);
    }

    /** One that was seen ACTIVE, without tags but those of its identity. */
    public LoadBalancerState(
            String id,
            String name,
            String provider,
            List<ObservedVip> vips,
            ProvisioningStatus provisioningStatus,
            OperatingStatus operatingStatus,
            List<ObservedListener> listeners,
            String updatedAt) {
        this(
                id,
                name,
                provider,
                vips,
                provisioningStatus,
                operatingStatus,
                listeners,
                updatedAt,
                List.of(),
                true,
                List.of());
    }
}
