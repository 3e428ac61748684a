package io.ballast.schemas.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One pool. Source: Octavia API v2, pools.
 *
 * @param name name, unique in the load balancer, at most 255 characters
 * @param protocol protocol
 * @param algorithm load balancing algorithm
 * @param persistence session persistence; null for none
 * @param persistenceTimeoutSeconds seconds, only for UDP and SCTP; null otherwise
 * @param healthMonitor health monitor; null for none
 * @param members members, sorted by address and port, each once
 */
public record DesiredPool(
        String name,
        PoolProtocol protocol,
        LbAlgorithm algorithm,
        @Nullable PersistenceType persistence,
        @Nullable Integer persistenceTimeoutSeconds,
        @Nullable DesiredHealthMonitor healthMonitor,
        List<DesiredMember> members) {
    public DesiredPool {
        members = List.copyOf(members);
    }
}
