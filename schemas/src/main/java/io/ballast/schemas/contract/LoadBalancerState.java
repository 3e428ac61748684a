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
 */
public record LoadBalancerState(
        String id,
        String name,
        String provider,
        List<ObservedVip> vips,
        ProvisioningStatus provisioningStatus,
        OperatingStatus operatingStatus,
        List<ObservedListener> listeners,
        String updatedAt) {
    public LoadBalancerState {
        vips = List.copyOf(vips);
        listeners = List.copyOf(listeners);
    }
}
