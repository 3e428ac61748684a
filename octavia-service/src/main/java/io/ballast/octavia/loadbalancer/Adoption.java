package io.ballast.octavia.loadbalancer;

import io.ballast.octavia.loadbalancer.ObservedLoadBalancer.Listener;
import io.ballast.octavia.loadbalancer.ObservedLoadBalancer.Pool;
import io.ballast.octavia.loadbalancer.OctaviaAction.UpdateLoadBalancer;
import io.ballast.schemas.contract.DesiredListener;
import io.ballast.schemas.contract.DesiredPool;
import io.ballast.schemas.contract.ListenerProtocol;
import io.ballast.schemas.contract.PoolProtocol;
import io.ballast.schemas.contract.ServiceKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The load balancer of default/kubernetes that an operator made by hand, as kuryr's manual asks for: the only one that is taken
 * over unasked. It has that name, no tag of ours, and the VIP granted to the Service, which is its ClusterIP. It gets our tags,
 * and then becomes as desired by changes in place; it is never made anew, and its listener is never taken down.
 */
public final class Adoption {
    /** Namespace and name of the Service, which is the name of the load balancer too. */
    static final String NAME = "default/kubernetes";

    private static final List<String> PASSED_THROUGH = List.of("TCP", "HTTPS");

    private Adoption() {}

    /** Whether it may be that one. Source: ServiceKey, cluster/namespace/name. */
    static boolean isFor(ServiceKey key) {
        return (key.namespace() + "/" + key.name()).equals(NAME);
    }

    /** The name under which load balancers without tags are looked for; empty for all other Services. */
    public static Optional<String> nameFor(Identity identity) {
        return isFor(ServiceKey.parse(identity.key())) ? Optional.of(NAME) : Optional.empty();
    }

    /** Whether nobody's tags say whose it is. */
    public static boolean isUntagged(LoadBalancerHead head) {
        return head.tags().stream().noneMatch(tag -> tag.equals(Identity.OURS) || tag.startsWith(Identity.OURS + ":"));
    }

    /** The one made by hand among what a look found; empty when there is none. */
    static Optional<LoadBalancerHead> candidate(Situation situation, Blueprint blueprint) {
        if (!isFor(situation.key()) || blueprint.vips().isEmpty()) {
            return Optional.empty();
        }
        var vip = blueprint.vips().getFirst();
        return situation.knowledge().heads().values().stream()
                .filter(head -> head.name().equals(NAME) && isUntagged(head))
                .filter(head -> head.vips().stream()
                        .findFirst()
                        .filter(each -> each.address().equals(vip.address())
                                && (each.subnetId().isEmpty() || each.subnetId().equals(vip.subnetId())))
                        .isPresent())
                .findFirst();
    }

    /** Our tags beside those it has. */
    static UpdateLoadBalancer action(Blueprint blueprint, LoadBalancerHead head) {
        var tags = new TreeSet<>(head.tags());
        tags.addAll(blueprint.tags());
        return new UpdateLoadBalancer(head.id(), head.name(), tags);
    }

    /**
     * The blueprint with the protocols that are there. Octavia changes no protocol in place, and TCP and HTTPS are the same to
     * what passes through: the listener of API servers that somebody made with the other one keeps it, and so does its pool.
     */
    static Blueprint fitting(ServiceKey key, Blueprint blueprint, ObservedLoadBalancer observed) {
        if (!isFor(key)) {
            return blueprint;
        }
        Map<String, PoolProtocol> pools = new HashMap<>();
        var listeners = blueprint.listeners().stream()
                .map(listener -> there(listener, observed)
                        .map(found -> {
                            observed.pool(found.defaultPoolId())
                                    .map(Pool::protocol)
                                    .filter(PASSED_THROUGH::contains)
                                    .ifPresent(protocol -> pools.put(listener.pool(), PoolProtocol.valueOf(protocol)));
                            return with(listener, ListenerProtocol.valueOf(found.protocol()));
                        })
                        .orElse(listener))
                .toList();
        return blueprint.with(
                listeners,
                blueprint.pools().stream()
                        .map(pool -> with(pool, pools.getOrDefault(pool.name(), pool.protocol())))
                        .toList());
    }

    private static Optional<Listener> there(DesiredListener listener, ObservedLoadBalancer observed) {
        return observed.listeners().stream()
                .filter(each -> each.port() == listener.port() && PASSED_THROUGH.contains(each.protocol()))
                .filter(_ -> PASSED_THROUGH.contains(listener.protocol().name()))
                .findFirst();
    }

    private static DesiredListener with(DesiredListener listener, ListenerProtocol protocol) {
        return new DesiredListener(
                listener.name(),
                protocol,
                listener.port(),
                listener.pool(),
                listener.connectionLimit(),
                listener.timeoutClientDataMillis(),
                listener.timeoutMemberConnectMillis(),
                listener.timeoutMemberDataMillis(),
                listener.timeoutTcpInspectMillis(),
                listener.allowedCidrs(),
                listener.insertHeaders(),
                listener.tlsContainerRef(),
                listener.sniContainerRefs());
    }

    private static DesiredPool with(DesiredPool pool, PoolProtocol protocol) {
        return new DesiredPool(
                pool.name(),
                protocol,
                pool.algorithm(),
                pool.persistence(),
                pool.persistenceTimeoutSeconds(),
                pool.healthMonitor(),
                pool.members());
    }
}
