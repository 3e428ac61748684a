package io.ballast.translator.translation;

import io.ballast.schemas.contract.DesiredHealthMonitor;
import io.ballast.schemas.contract.DesiredReason;
import io.ballast.schemas.contract.HealthMonitorType;
import io.ballast.schemas.contract.PortProtocol;
import io.ballast.schemas.contract.ServiceBody;
import io.ballast.schemas.contract.TrafficPolicy;
import org.jspecify.annotations.Nullable;

/** How members are probed: node members at their node port, pods only when asked for, because Kubernetes probes them itself. */
final class Monitors {
    /** Source: Octavia, udp_connect_min_interval_health_monitor. */
    private static final int UDP_DELAY_MIN_SECONDS = 3;

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
            ProviderCapabilities provider,
            MonitorOptions options,
            Findings findings) {
        if (!options.wanted(members)) {
            return Probe.NONE;
        }
        if (provider.needsServicePort() && !options.numbers().ovnServicePort()) {
            if (options.asked()) {
                findings.unsupported("HealthMonitor");
            }
            return Probe.NONE;
        }
        var healthPort = service.healthCheckNodePort();
        boolean asksNodes = members == MemberKind.NODES
                && service.externalTrafficPolicy() == TrafficPolicy.LOCAL
                && healthPort != null
                && Ports.valid(healthPort)
                && localTraffic == LocalTraffic.HEALTH_CHECK
                && provider.monitors().contains(HealthMonitorType.HTTP);
        if (asksNodes) {
            return Probe.LOCAL_HEALTH;
        }
        if (!provider.monitors().contains(ofPort(protocol))) {
            findings.unsupported("HealthMonitor");
            return Probe.NONE;
        }
        return isTooFast(protocol, options.numbers(), findings) ? Probe.NONE : Probe.PORT;
    }

    private static boolean isTooFast(PortProtocol protocol, MonitorSettings numbers, Findings findings) {
        boolean tooFast = protocol == PortProtocol.UDP && numbers.delaySeconds() < UDP_DELAY_MIN_SECONDS;
        if (tooFast) {
            findings.refuse(
                    DesiredReason.INVALID_ANNOTATION,
                    "Health monitors of UDP ports probe every %d s, Octavia allows no less than %d s: raise %s."
                            .formatted(
                                    numbers.delaySeconds(),
                                    UDP_DELAY_MIN_SECONDS,
                                    Annotation.HEALTH_MONITOR_DELAY.ourName()));
        }
        return tooFast;
    }

    static @Nullable DesiredHealthMonitor of(String name, PortProtocol protocol, Probe probe, MonitorSettings numbers) {
        return switch (probe) {
            case NONE -> null;
            case PORT -> monitor(name, ofPort(protocol), null, numbers);
            case LOCAL_HEALTH ->
                monitor(name, HealthMonitorType.HTTP, "/healthz", numbers); // kube-proxy answers 200 or 503
        };
    }

    private static HealthMonitorType ofPort(PortProtocol protocol) {
        return switch (protocol) {
            case UDP -> HealthMonitorType.UDP_CONNECT;
            case SCTP -> HealthMonitorType.SCTP;
            case TCP, UNKNOWN -> HealthMonitorType.TCP;
        };
    }

    private static DesiredHealthMonitor monitor(
            String name, HealthMonitorType type, @Nullable String path, MonitorSettings numbers) {
        return new DesiredHealthMonitor(
                name,
                type,
                numbers.delaySeconds(),
                numbers.timeoutSeconds(),
                numbers.maxRetries(),
                numbers.maxRetriesDown(),
                path == null ? null : "GET",
                path,
                path == null ? null : "200");
    }
}
