package io.ballast.translator.translation;

import io.ballast.schemas.contract.DesiredHealthMonitor;
import io.ballast.schemas.contract.DesiredListener;
import io.ballast.schemas.contract.DesiredLoadBalancerBody;
import io.ballast.schemas.contract.DesiredMember;
import io.ballast.schemas.contract.DesiredPool;
import io.ballast.schemas.contract.DesiredReason;
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
    /** Source: Octavia, udp_connect_min_interval_health_monitor. */
    private static final int UDP_DELAY_MIN_SECONDS = 3;

    DesiredListener listener(ServicePort port, String pool, @Nullable List<String> allowedCidrs) {
        var timeouts = timeouts(port.protocol());
        var front = front(port.protocol());
        return new DesiredListener(
                Names.child(key, port.protocol(), port.port()),
                protocol(port.protocol(), front),
                port.port(),
                pool,
                provider.can(Capability.CONNECTION_LIMIT) ? options.connectionLimit() : null,
                timeouts.clientData(),
                timeouts.memberConnect(),
                timeouts.memberData(),
                timeouts.tcpInspect(),
                allowedCidrs,
                front.forwardedFor() ? Map.of("X-Forwarded-For", "true") : Map.of(),
                front.tlsContainer(),
                front.sniContainers());
    }

    /** What the listeners of a protocol do; nothing that the provider lacks. */
    private Front front(PortProtocol protocol) {
        if (protocol != PortProtocol.TCP) {
            return Front.PLAIN;
        }
        var asked = options.front();
        boolean able = (asked.tlsContainer() == null || provider.can(Capability.TERMINATED_TLS))
                && (!asked.forwardedFor() || provider.can(Capability.FORWARDED_FOR))
                && (asked.proxy() != Front.Proxy.V1 || provider.can(Capability.PROXY_V1))
                && (asked.proxy() != Front.Proxy.V2 || provider.can(Capability.PROXY_V2));
        return able ? asked : Front.PLAIN;
    }

    private static ListenerProtocol protocol(PortProtocol protocol, Front front) {
        if (front.tlsContainer() != null) {
            return ListenerProtocol.TERMINATED_HTTPS;
        }
        return front.forwardedFor() ? ListenerProtocol.HTTP : ListenerProtocol.valueOf(protocol.name());
    }

    private static PoolProtocol poolProtocol(PortProtocol protocol, Front front) {
        return switch (front.proxy()) {
            case V1 -> PoolProtocol.PROXY;
            case V2 -> PoolProtocol.PROXYV2;
            case NONE -> front.speaksHttp() ? PoolProtocol.HTTP : PoolProtocol.valueOf(protocol.name());
        };
    }

    /** Timeouts are haproxy's: UDP and SCTP listeners have none. */
    private ListenerTimeouts timeouts(PortProtocol protocol) {
        return provider.can(Capability.LISTENER_TIMEOUTS) && protocol == PortProtocol.TCP
                ? options.timeouts().or(settings.timeouts())
                : ListenerTimeouts.DEFAULT;
    }

    DesiredPool pool(ServicePort port, List<DesiredMember> members) {
        var name = Names.child(key, port.protocol(), port.port());
        boolean sticky =
                provider.can(Capability.SESSION_PERSISTENCE) && service.sessionAffinity() == SessionAffinity.CLIENT_IP;
        return new DesiredPool(
                name,
                poolProtocol(port.protocol(), front(port.protocol())),
                algorithm(),
                sticky ? PersistenceType.SOURCE_IP : null,
                sticky && port.protocol() != PortProtocol.TCP
                        ? service.sessionAffinityTimeoutSeconds()
                        : null, // for TCP Octavia refuses a timeout: 400
                options.monitor().wanted(kind) ? monitor(name, port.protocol()) : null,
                members);
    }

    private LbAlgorithm algorithm() {
        var configured = settings.algorithm();
        var asked = options.algorithm() != null ? options.algorithm() : configured;
        return asked != null && provider.algorithms().contains(asked) ? asked : provider.usualAlgorithm();
    }

    /** A load balancer with where and how it is made. */
    DesiredLoadBalancerBody placed(DesiredLoadBalancerBody body) {
        var place = options.placement();
        return new DesiredLoadBalancerBody(
                body.name(),
                body.provider(),
                provider.can(Capability.FLAVOR) ? place.flavor() : null,
                provider.can(Capability.AVAILABILITY_ZONE) ? place.availabilityZone() : null,
                body.families(),
                options.tags(),
                body.listeners(),
                body.pools(),
                place.project(),
                null);
    }

    private @Nullable DesiredHealthMonitor monitor(String name, PortProtocol protocol) {
        var type =
                switch (protocol) {
                    case UDP -> HealthMonitorType.UDP_CONNECT;
                    case SCTP -> HealthMonitorType.SCTP;
                    case TCP, UNKNOWN -> HealthMonitorType.TCP;
                };
        var numbers = options.monitor().numbers();
        boolean silent = provider.needsServicePort() && !numbers.ovnServicePort();
        if (!provider.monitors().contains(type) || silent) {
            if (!silent || options.monitor().asked()) {
                findings.unsupported("HealthMonitor");
            }
            return null;
        }
        if (type == HealthMonitorType.UDP_CONNECT && numbers.delaySeconds() < UDP_DELAY_MIN_SECONDS) {
            findings.refuse(
                    DesiredReason.INVALID_ANNOTATION,
                    "Health monitors of UDP ports probe every %d s, Octavia allows no less than %d s: raise %s."
                            .formatted(
                                    numbers.delaySeconds(),
                                    UDP_DELAY_MIN_SECONDS,
                                    Annotation.HEALTH_MONITOR_DELAY.ourName()));
            return null;
        }
        return new DesiredHealthMonitor(
                name,
                type,
                numbers.delaySeconds(),
                numbers.timeoutSeconds(),
                numbers.maxRetries(),
                numbers.maxRetriesDown(),
                null,
                null,
                null);
    }
}
