package io.ballast.octavia.loadbalancer;

import io.ballast.schemas.contract.HealthMonitorType;
import java.util.Set;

/** Octavia's words where they are not simply the names of our symbols. */
public final class Words {
    private static final Set<String> OVER_TCP = Set.of("TCP", "HTTP", "HTTPS", "TERMINATED_HTTPS", "PROMETHEUS");

    private Words() {}

    public static String of(HealthMonitorType type) {
        return switch (type) {
            case TLS_HELLO -> "TLS-HELLO";
            case UDP_CONNECT -> "UDP-CONNECT";
            case UNKNOWN, TCP, HTTP, HTTPS, PING, SCTP -> type.name();
        };
    }

    /** What a listener of this protocol occupies beside its port: Octavia lets TCP and HTTP collide, TCP and UDP not. */
    public static String transport(String listenerProtocol) {
        return OVER_TCP.contains(listenerProtocol) ? "TCP" : listenerProtocol;
    }
}
