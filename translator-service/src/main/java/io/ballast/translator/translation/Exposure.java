package io.ballast.translator.translation;

import io.ballast.schemas.contract.DesiredListener;
import io.ballast.schemas.contract.DesiredLoadBalancerBody;
import io.ballast.schemas.contract.DesiredMember;
import io.ballast.schemas.contract.DesiredPool;
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
    /**
     * A listener.
     *
     * @param protocol what it speaks where the Service asks for nothing else
     */
    DesiredListener listener(
            ServicePort port,
            String name,
            ListenerProtocol protocol,
            String pool,
            @Nullable List<String> allowedCidrs) {
        var timeouts = timeouts(port.protocol());
        var front = front(protocol);
        return new DesiredListener(
                name,
                protocol(protocol, front),
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
    private Front front(ListenerProtocol protocol) {
        if (protocol != ListenerProtocol.TCP) {
            return Front.PLAIN;
        }
        var asked = options.front();
        boolean able = (asked.tlsContainer() == null || provider.can(Capability.TERMINATED_TLS))
                && (!asked.forwardedFor() || provider.can(Capability.FORWARDED_FOR))
                && (asked.proxy() != Front.Proxy.V1 || provider.can(Capability.PROXY_V1))
                && (asked.proxy() != Front.Proxy.V2 || provider.can(Capability.PROXY_V2));
        return able ? asked : Front.PLAIN;
    }

    private static ListenerProtocol protocol(ListenerProtocol protocol, Front front) {
        if (front.tlsContainer() != null) {
            return ListenerProtocol.TERMINATED_HTTPS;
        }
        return front.forwardedFor() ? ListenerProtocol.HTTP : protocol;
    }

    private static PoolProtocol poolProtocol(ListenerProtocol protocol, Front front) {
        return switch (front.proxy()) {
            case V1 -> PoolProtocol.PROXY;
            case V2 -> PoolProtocol.PROXYV2;
            case NONE -> front.speaksHttp() ? PoolProtocol.HTTP : PoolProtocol.valueOf(protocol.name());
        };
    }

    /** Timeouts are haproxy's: UDP and SCTP listeners have none. */
    private ListenerTimeouts timeouts(PortProtocol protocol) {
        return provider.can(Capability.LISTENER_TIMEOUTS) && protocol == PortProtocol.TCP
                ? options.timeouts()
                        .or(KubernetesApi.is(key) ? settings.kubernetesApi().timeouts() : ListenerTimeouts.DEFAULT)
                        .or(settings.timeouts())
                : ListenerTimeouts.DEFAULT;
    }

    /** How the members behind ports of a protocol are probed. */
    Monitors.Probe probe(PortProtocol protocol) {
        return Monitors.probe(service, kind, protocol, settings.localTraffic(), provider, options.monitor(), findings);
    }

    /**
     * A pool.
     *
     * @param protocol what its listener speaks where the Service asks for nothing else
     */
    DesiredPool pool(
            String name,
            ListenerProtocol protocol,
            PortProtocol transport,
            Monitors.Probe probe,
            List<DesiredMember> members) {
        boolean sticky =
                provider.can(Capability.SESSION_PERSISTENCE) && service.sessionAffinity() == SessionAffinity.CLIENT_IP;
        return new DesiredPool(
                name,
                poolProtocol(protocol, front(protocol)),
                algorithm(),
                sticky ? PersistenceType.SOURCE_IP : null,
                sticky && transport != PortProtocol.TCP
                        ? service.sessionAffinityTimeoutSeconds()
                        : null, // for TCP Octavia refuses a timeout: 400
                Monitors.of(name, transport, probe, options.monitor().numbers()),
                members);
    }

    private LbAlgorithm algorithm() {
        var configured = KubernetesApi.is(key) ? null : settings.algorithm();
        var asked = options.algorithm() != null ? options.algorithm() : configured;
        if (asked != null && provider.algorithms().contains(asked)) {
            return asked;
        }
        return KubernetesApi.is(key) ? KubernetesApi.algorithm(provider) : provider.usualAlgorithm();
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
}
