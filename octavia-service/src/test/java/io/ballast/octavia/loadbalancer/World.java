package io.ballast.octavia.loadbalancer;

import io.ballast.octavia.loadbalancer.ObservedLoadBalancer.Listener;
import io.ballast.octavia.loadbalancer.ObservedLoadBalancer.Member;
import io.ballast.octavia.loadbalancer.ObservedLoadBalancer.Monitor;
import io.ballast.octavia.loadbalancer.ObservedLoadBalancer.Pool;
import io.ballast.schemas.contract.DesiredHealthMonitor;
import io.ballast.schemas.contract.DesiredListener;
import io.ballast.schemas.contract.DesiredMember;
import io.ballast.schemas.contract.DesiredPool;
import io.ballast.schemas.contract.ObservedVip;
import io.ballast.schemas.contract.OperatingStatus;
import io.ballast.schemas.contract.ProvisioningStatus;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One load balancer that behaves as Octavia's does: no write unless ACTIVE, no port twice, no member twice. */
final class World {
    private static final ProvisioningStatus ACTIVE = ProvisioningStatus.ACTIVE;

    private ObservedLoadBalancer state;
    private int ids;
    int writes;

    World() {
        this("amphora");
    }

    World(String provider) {
        state = new ObservedLoadBalancer(
                new LoadBalancerHead(
                        "lb",
                        "shop/web",
                        provider,
                        ACTIVE,
                        OperatingStatus.ONLINE,
                        List.of(new ObservedVip("10.2.0.5", "port", "subnet")),
                        new TreeSet<>(List.of("ballast")),
                        "",
                        "",
                        new TreeSet<>(),
                        new TreeSet<>()),
                List.of(),
                List.of());
    }

    ObservedLoadBalancer state() {
        return state;
    }

    void set(ObservedLoadBalancer next) {
        state = next;
    }

    void write(OctaviaAction action) {
        if (!state.head().isActive()) {
            throw new AssertionError("Octavia answers 409 to " + action + " while "
                    + state.head().provisioning());
        }
        writes++;
        var product = product(action);
        state = Evolution.after(state, action, product);
        settle();
    }

    /** Statuses and ids become what Octavia would show once it is done. */
    private void settle() {
        state = state.settled(state.head().with(ACTIVE))
                .withPools(state.settled(state.head().with(ACTIVE)).pools().stream()
                        .map(pool -> pool.withMembers(pool.members().stream()
                                .map(each -> each.id().isEmpty() ? withId(each) : each)
                                .toList()))
                        .toList());
    }

    private Member withId(Member each) {
        return each.with("m" + ++ids, ACTIVE);
    }

    private Product product(OctaviaAction action) {
        return switch (action) {
            case OctaviaAction.CreateListener(var _, var listener, var poolId) -> {
                refuseTakenPort(listener);
                requirePool(poolId);
                forbidMonitors(state.pools());
                yield new Product.OfListener(observed("l" + ++ids, listener, poolId));
            }
            case OctaviaAction.UpdateListener(var id, var listener, var poolId) -> {
                requirePool(poolId);
                yield new Product.OfListener(observed(id, listener, poolId));
            }
            case OctaviaAction.CreatePool(var _, var pool) -> new Product.OfPool(observed("p" + ++ids, pool));
            case OctaviaAction.UpdatePool(var id, var pool) -> new Product.OfPool(observed(id, pool));
            case OctaviaAction.CreateMember(var poolId, var member) -> {
                refuseDoubleMember(poolId, member);
                yield new Product.OfMember(observed("m" + ++ids, member));
            }
            case OctaviaAction.UpdateMember(var _, var id, var member) -> new Product.OfMember(observed(id, member));
            case OctaviaAction.CreateMonitor(var poolId, var monitor) -> {
                if (state.pool(poolId).orElseThrow().monitor() != null) {
                    throw new AssertionError("409: second health monitor");
                }
                yield new Product.OfMonitor(observed("h" + ++ids, monitor));
            }
            case OctaviaAction.UpdateMonitor(var _, var id, var monitor) ->
                new Product.OfMonitor(observed(id, monitor));
            case OctaviaAction.UpdateLoadBalancer(var id, var name, var tags) ->
                new Product.OfLoadBalancer(new ObservedLoadBalancer(
                        new LoadBalancerHead(
                                id,
                                name,
                                state.head().provider(),
                                ACTIVE,
                                OperatingStatus.ONLINE,
                                state.head().vips(),
                                tags,
                                "",
                                "",
                                new TreeSet<>(),
                                new TreeSet<>()),
                        List.of(),
                        List.of()));
            case OctaviaAction.DeletePool(var id, var _) -> {
                if (state.listeners().stream().anyMatch(each -> id.equals(each.defaultPoolId()))) {
                    throw new AssertionError("a pool in use was deleted");
                }
                forbidMonitors(state.pool(id).stream().toList());
                yield new Product.Nothing();
            }
            default -> new Product.Nothing();
        };
    }

    /** On ovn a listener beside one would lock the load balancer; and one whose pool goes stays in OVN. */
    private void forbidMonitors(List<Pool> pools) {
        if (state.head().isOvn() && pools.stream().anyMatch(pool -> pool.monitor() != null)) {
            throw new AssertionError("a health monitor of ovn is in the way");
        }
    }

    private void requirePool(@Nullable String poolId) {
        if (poolId != null && state.pool(poolId).isEmpty()) {
            throw new AssertionError("404: pool " + poolId);
        }
    }

    private void refuseTakenPort(DesiredListener listener) {
        var transport = Words.transport(listener.protocol().name());
        if (state.listeners().stream()
                .anyMatch(each -> each.port() == listener.port()
                        && Words.transport(each.protocol()).equals(transport))) {
            throw new AssertionError("409: port " + listener.port() + " is taken");
        }
    }

    private void refuseDoubleMember(String poolId, DesiredMember member) {
        if (state.pool(poolId).orElseThrow().members().stream()
                .anyMatch(each -> each.address().equals(member.address()) && each.port() == member.port())) {
            throw new AssertionError("409: member " + member.address());
        }
    }

    private static Listener observed(String id, DesiredListener listener, @Nullable String poolId) {
        return new Listener(
                id,
                listener.name(),
                listener.protocol().name(),
                listener.port(),
                poolId,
                Objects.requireNonNullElse(listener.connectionLimit(), -1),
                50_000,
                5_000,
                50_000,
                0,
                Objects.requireNonNullElse(listener.allowedCidrs(), List.of()),
                listener.insertHeaders(),
                listener.tlsContainerRef(),
                listener.sniContainerRefs(),
                Differences.isUp(listener),
                ProvisioningStatus.PENDING_UPDATE,
                OperatingStatus.OFFLINE);
    }

    private static Pool observed(String id, DesiredPool pool) {
        return new Pool(
                id,
                pool.name(),
                pool.protocol().name(),
                pool.algorithm().name(),
                pool.persistence() == null ? null : pool.persistence().name(),
                pool.persistenceTimeoutSeconds(),
                null,
                List.of(),
                ProvisioningStatus.PENDING_UPDATE);
    }

    private static Member observed(String id, DesiredMember member) {
        return new Member(
                id,
                member.name(),
                member.address(),
                member.port(),
                member.weight(),
                member.backup(),
                member.monitorAddress(),
                member.monitorPort(),
                ProvisioningStatus.PENDING_UPDATE,
                OperatingStatus.NO_MONITOR,
                member.subnet(),
                true);
    }

    private static Monitor observed(String id, DesiredHealthMonitor monitor) {
        return new Monitor(
                id,
                monitor.name(),
                Words.of(monitor.type()),
                monitor.delaySeconds(),
                monitor.timeoutSeconds(),
                monitor.maxRetries(),
                monitor.maxRetriesDown(),
                monitor.httpMethod(),
                monitor.urlPath(),
                monitor.expectedCodes(),
                ProvisioningStatus.PENDING_UPDATE,
                true);
    }
}
