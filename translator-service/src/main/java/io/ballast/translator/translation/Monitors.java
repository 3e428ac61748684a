package io.ballast.translator.translation;

import io.ballast.schemas.contract.DesiredHealthMonitor;
import io.ballast.schemas.contract.HealthMonitorType;
import io.ballast.schemas.contract.PortProtocol;
import io.ballast.schemas.contract.ServiceBody;
import io.ballast.schemas.contract.TrafficPolicy;
import org.jspecify.annotations.Nullable;

/** How members are probed: node members at their node port, pods not at all, because Kubernetes probes them itself. */
final class Monitors {
    // Source: the OpenStack cloud provider's defaults, which operators know.
    private static final int DELAY_SECONDS = 5;
    private static final int TIMEOUT_SECONDS = 3;
    private static final int RETRIES = 1;
    private static final int RETRIES_DOWN = 3;

    /** What a health monitor asks. */
    enum Probe {
        /** There is none. */
        NONE,
        /** Whether the port of the member answers. */
        PORT,
        /** Whether the node has ready endpoints of the Service, at its healthCheckNodePort. */
        LOCAL_HEALTH
    }

    private Monitors() {}

    static Probe probe(
            ServiceBody service,
            MemberKind members,
            PortProtocol protocol,
            LocalTraffic localTraffic,
            ProviderCapabilities provider) {
        if (members == MemberKind.PODS) {
            return Probe.NONE;
        }
        var healthPort = service.healthCheckNodePort();
        boolean asksNodes = service.externalTrafficPolicy() == TrafficPolicy.LOCAL
                && healthPort != null
                && Ports.valid(healthPort)
                && localTraffic == LocalTraffic.HEALTH_CHECK
                && provider.monitors().contains(HealthMonitorType.HTTP);
        if (asksNodes) {
            return Probe.LOCAL_HEALTH;
        }
        return provider.monitors().contains(ofPort(protocol)) ? Probe.PORT : Probe.NONE;
    }

    static @Nullable DesiredHealthMonitor of(String name, PortProtocol protocol, Probe probe) {
        return switch (probe) {
            case NONE -> null;
            case PORT -> monitor(name, ofPort(protocol), null);
            case LOCAL_HEALTH -> monitor(name, HealthMonitorType.HTTP, "/healthz"); // kube-proxy answers 200 or 503
        };
    }

    private static HealthMonitorType ofPort(PortProtocol protocol) {
        return switch (protocol) {
            case UDP -> HealthMonitorType.UDP_CONNECT;
            case SCTP -> HealthMonitorType.SCTP;
            case TCP, UNKNOWN -> HealthMonitorType.TCP;
        };
    }

    private static DesiredHealthMonitor monitor(String name, HealthMonitorType type, @Nullable String path) {
        return new DesiredHealthMonitor(
                name,
                type,
                DELAY_SECONDS,
                TIMEOUT_SECONDS,
                RETRIES,
                RETRIES_DOWN,
                path == null ? null : "GET",
                path,
                path == null ? null : "200");
    }
}
