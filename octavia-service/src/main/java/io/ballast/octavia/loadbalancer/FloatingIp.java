package io.ballast.octavia.loadbalancer;

import org.jspecify.annotations.Nullable;

/**
 * A floating IP. Source: Networking API v2, floating IPs.
 *
 * @param id Neutron id
 * @param address its external address
 * @param networkId Neutron id of its external network
 * @param portId port it leads to; null when associated with none
 * @param description description
 */
public record FloatingIp(
        String id,
        String address,
        String networkId,
        @Nullable String portId,
        String description) {}
