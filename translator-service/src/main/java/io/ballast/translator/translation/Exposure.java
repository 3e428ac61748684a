package io.ballast.translator.translation;

import io.ballast.schemas.contract.DesiredHealthMonitor;
import io.ballast.schemas.contract.DesiredListener;
import io.ballast.schemas.contract.DesiredMember;
import io.ballast.schemas.contract.DesiredPool;
import io.ballast.schemas.contract.HealthMonitorType;
import io.ballast.schemas.contract.LbAlgorithm;
import io.ballast.schemas.contract.ListenerProtocol;
import io.ballast.schemas.contract.PersistenceType;
import io.ballast.schemas.contract.PoolProtocol;
import io.ballast.schemas.contract.PortProtocol;
import io.ballast.schemas.contract.ServiceBody;
import io.ballast.schemas.contract.ServiceKey;
import io.ballast.schemas.contract.ServicePort;
import io.ballast.schemas.contract.SessionAffinity;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a port of a Service is exposed: its listener, and all of its pool but which members there are. */
record Exposure(
        ServiceKey key,
        ServiceBody service,
        ServiceOptions options,
        ClusterSettings settings,
        MemberKind kind,
        ProviderCapabilities provider,
        Findings findings) {
    // Source: the OpenStack cloud provider's defaults, which operators know.
    private static final int MONITOR_DELAY_SECONDS = 5;
    private static final int MONITOR_TIMEOUT_SECONDS = 3;
    private static final int MONITOR_RETRIES = 1;
    private static final int MONITOR_RETRIES_DOWN = 3;

    DesiredListener listener(ServicePort port, String pool, @Nullable List<String> allowedCidrs) {
        var timeouts = timeouts(port.protocol());
        return new DesiredListener(
                Names.child(key, port.protocol(), port.port()),
                ListenerProtocol.valueOf(port.protocol().name()),
                port.port(),
                pool,
                provider.connectionLimit() ? options.connectionLimit() : null,
                timeouts.clientData(),
                timeouts.memberConnect(),
                timeouts.memberData(),
                timeouts.tcpInspect(),
                allowedCidrs,
                Map.of(),
                null,
                List.of());
    }

    /** Timeouts are haproxy's: UDP and SCTP listeners have none. */
    private ListenerTimeouts timeouts(PortProtocol protocol) {
        return provider.listenerTimeouts() && protocol == PortProtocol.TCP
                ? options.timeouts().or(settings.timeouts())
                : ListenerTimeouts.DEFAULT;
    }

    DesiredPool pool(ServicePort port, List<DesiredMember> members) {
        var name = Names.child(key, port.protocol(), port.port());
        boolean sticky = provider.sessionPersistence() && service.sessionAffinity() == SessionAffinity.CLIENT_IP;
        return new DesiredPool(
                name,
                PoolProtocol.valueOf(port.protocol().name()),
                algorithm(),
                sticky ? PersistenceType.SOURCE_IP : null,
                sticky && port.protocol() != PortProtocol.TCP
                        ? service.sessionAffinityTimeoutSeconds()
                        : null, // for TCP Octavia refuses a timeout: 400
                kind == MemberKind.NODES ? monitor(name, port.protocol()) : null,
                members);
    }

    private LbAlgorithm algorithm() {
        var configured = settings.algorithm();
        var asked = options.algorithm() != null ? options.algorithm() : configured;
        return asked != null && provider.algorithms().contains(asked) ? asked : provider.usualAlgorithm();
    }

    private @Nullable DesiredHealthMonitor monitor(String name, PortProtocol protocol) {
        var type =
                switch (protocol) {
                    case UDP -> HealthMonitorType.UDP_CONNECT;
                    case SCTP -> HealthMonitorType.SCTP;
                    case TCP, UNKNOWN -> HealthMonitorType.TCP;
                };
        if (!provider.monitors().contains(type)) {
            findings.unsupported("HealthMonitor");
            return null;
        }
        return new DesiredHealthMonitor(
                name,
                type,
                MONITOR_DELAY_SECONDS,
                MONITOR_TIMEOUT_SECONDS,
                MONITOR_RETRIES,
                MONITOR_RETRIES_DOWN,
                null,
                null,
                null);
    }
}
