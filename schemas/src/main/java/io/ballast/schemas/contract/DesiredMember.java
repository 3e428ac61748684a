package io.ballast.schemas.contract;

import org.jspecify.annotations.Nullable;

/**
 * One member of a pool. Unique by address and port in its pool. Source: Octavia API v2, members.
 *
 * @param name name, at most 255 characters
 * @param address canonical address
 * @param port 1..65535
 * @param weight 0..256; 0 drains
 * @param subnet member subnet, id or name; null for the subnet of the VIP
 * @param monitorAddress address to probe; null for the member's
 * @param monitorPort port to probe, 1..65535; null for the member's
 * @param backup only used when all others are down
 */
public record DesiredMember(
        String name,
        String address,
        int port,
        int weight,
        @Nullable String subnet,
        @Nullable String monitorAddress,
        @Nullable Integer monitorPort,
        boolean backup) {}
