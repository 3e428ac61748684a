package io.ballast.octavia.loadbalancer;

import io.ballast.schemas.contract.HealthMonitorType;
import io.ballast.schemas.contract.IpAddress;
import java.util.Locale;
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

    /** Whether a monitor of this type has a method, a path and codes; Octavia refuses them for any other. */
    public static boolean asksOverHttp(HealthMonitorType type) {
        return type == HealthMonitorType.HTTP || type == HealthMonitorType.HTTPS;
    }

    /** What a listener of this protocol occupies beside its port: Octavia lets TCP and HTTP collide, TCP and UDP not. */
    public static String transport(String listenerProtocol) {
        return OVER_TCP.contains(listenerProtocol) ? "TCP" : listenerProtocol;
    }

    /** Where a member is: canonical address and port. Octavia takes members by the text of the address; people spell it freely. */
    public static String place(String address, int port) {
        return canonical(address) + " " + port;
    }

    /** The address as we write it; what is no address stays as it is, in lower case. */
    public static String canonical(String address) {
        return IpAddress.parse(address).map(IpAddress::toString).orElseGet(() -> address.toLowerCase(Locale.ROOT));
    }
}
