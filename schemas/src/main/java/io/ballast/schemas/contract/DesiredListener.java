package io.ballast.schemas.contract;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One listener. Unique by protocol and port. Source: Octavia API v2, listeners.
 *
 * @param name name, unique in the load balancer, at most 255 characters
 * @param protocol protocol
 * @param port 1..65535
 * @param pool name of the default pool
 * @param connectionLimit connections at a time; null for the default, -1 for no limit
 * @param timeoutClientDataMillis milliseconds; null for the default
 * @param timeoutMemberConnectMillis milliseconds; null for the default
 * @param timeoutMemberDataMillis milliseconds; null for the default
 * @param timeoutTcpInspectMillis milliseconds; null for the default
 * @param allowedCidrs canonical CIDRs that may connect, sorted; null for everybody, empty for nobody
 * @param insertHeaders headers the listener inserts, name to "true"
 * @param tlsContainerRef Barbican container for TERMINATED_HTTPS; null otherwise
 * @param sniContainerRefs further Barbican containers, sorted
 */
public record DesiredListener(
        String name,
        ListenerProtocol protocol,
        int port,
        String pool,
        @Nullable Integer connectionLimit,
        @Nullable Integer timeoutClientDataMillis,
        @Nullable Integer timeoutMemberConnectMillis,
        @Nullable Integer timeoutMemberDataMillis,
        @Nullable Integer timeoutTcpInspectMillis,
        @Nullable List<String> allowedCidrs,
        Map<String, String> insertHeaders,
        @Nullable String tlsContainerRef,
        List<String> sniContainerRefs) {
    public DesiredListener {
        allowedCidrs = allowedCidrs == null ? null : List.copyOf(allowedCidrs);
        insertHeaders = SortedEntries.copyOf(insertHeaders);
        sniContainerRefs = List.copyOf(sniContainerRefs);
    }
}
