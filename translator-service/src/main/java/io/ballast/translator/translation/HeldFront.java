package io.ballast.translator.translation;

import io.ballast.schemas.contract.DesiredListener;
import io.ballast.schemas.contract.DesiredLoadBalancerBody;
import io.ballast.schemas.contract.DesiredPool;
import io.ballast.schemas.contract.PoolProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Listeners of live load balancers while nobody knows what they are meant to do: a misspelt annotation takes TLS away from
 * none. Those that are there keep protocol, headers and certificates, and their pools the protocol; a new one waits.
 */
final class HeldFront {
    private HeldFront() {}

    static Wanted of(List<DesiredLoadBalancerBody> before, Wanted best) {
        var bodies = new ArrayList<DesiredLoadBalancerBody>();
        for (int i = 0; i < before.size(); i++) {
            bodies.add(held(before.get(i), best.bodies().get(i)));
        }
        return best.withBodies(bodies);
    }

    private static DesiredLoadBalancerBody held(DesiredLoadBalancerBody before, DesiredLoadBalancerBody body) {
        var old = before.listeners().stream().collect(Collectors.toMap(DesiredListener::name, Function.identity()));
        var oldPools = before.pools().stream().collect(Collectors.toMap(DesiredPool::name, DesiredPool::protocol));
        var protocols = new TreeMap<String, PoolProtocol>();
        var listeners = new ArrayList<DesiredListener>();
        for (var listener : body.listeners()) {
            var there = old.get(listener.name());
            var protocol = there == null ? null : oldPools.get(there.pool());
            if (there != null && protocol != null) {
                listeners.add(held(there, listener));
                protocols.put(listener.pool(), protocol);
            }
        }
        return new DesiredLoadBalancerBody(
                body.name(),
                body.provider(),
                body.flavor(),
                body.availabilityZone(),
                body.families(),
                body.tags(),
                listeners,
                pools(body, protocols),
                body.project(),
                body.replacement());
    }

    private static DesiredListener held(DesiredListener there, DesiredListener next) {
        return new DesiredListener(
                next.name(),
                there.protocol(),
                next.port(),
                next.pool(),
                next.connectionLimit(),
                next.timeoutClientDataMillis(),
                next.timeoutMemberConnectMillis(),
                next.timeoutMemberDataMillis(),
                next.timeoutTcpInspectMillis(),
                next.allowedCidrs(),
                there.insertHeaders(),
                there.tlsContainerRef(),
                there.sniContainerRefs());
    }

    private static List<DesiredPool> pools(DesiredLoadBalancerBody body, Map<String, PoolProtocol> protocols) {
        return body.pools().stream()
                .filter(pool -> protocols.containsKey(pool.name()))
                .map(pool -> new DesiredPool(
                        pool.name(),
                        protocols.getOrDefault(pool.name(), pool.protocol()),
                        pool.algorithm(),
                        pool.persistence(),
                        pool.persistenceTimeoutSeconds(),
                        pool.healthMonitor(),
                        pool.members()))
                .toList();
    }
}
