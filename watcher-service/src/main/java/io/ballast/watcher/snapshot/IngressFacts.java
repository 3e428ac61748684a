package io.ballast.watcher.snapshot;

import io.ballast.schemas.contract.PortProtocol;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One entry of status.loadBalancer.ingress.
 *
 * @param ip address; null when a hostname stands instead
 * @param hostname DNS name; null when absent
 * @param ipMode VIP or Proxy; null for an entry without ip
 * @param ports ports of the Service and what is wrong with them, in the order of the Service; empty when nothing is
 */
public record IngressFacts(
        @Nullable String ip,
        @Nullable String hostname,
        @Nullable String ipMode,
        List<Port> ports) {
    /**
     * One port.
     *
     * @param port number
     * @param protocol protocol
     * @param error a CamelCase word below a domain; null when the port is served
     */
    public record Port(
            int port, PortProtocol protocol, @Nullable String error) {}

    /** An absent ipMode beside an ip means VIP, as the API server fills it in. */
    public IngressFacts {
        ipMode = ip == null ? null : ipMode == null ? "VIP" : ipMode;
        ports = List.copyOf(ports);
    }

    /** An entry whose ports are all served. */
    public IngressFacts(@Nullable String ip, @Nullable String hostname, @Nullable String ipMode) {
        this(ip, hostname, ipMode, List.of());
    }
}
