package io.ballast.octavia.loadbalancer;

import io.ballast.octavia.loadbalancer.ObservedLoadBalancer.Listener;
import io.ballast.octavia.loadbalancer.ObservedLoadBalancer.Pool;
import io.ballast.octavia.loadbalancer.OctaviaAction.CreateListener;
import io.ballast.octavia.loadbalancer.OctaviaAction.CreateMonitor;
import io.ballast.octavia.loadbalancer.OctaviaAction.CreatePool;
import io.ballast.octavia.loadbalancer.OctaviaAction.DeleteListener;
import io.ballast.octavia.loadbalancer.OctaviaAction.DeleteMonitor;
import io.ballast.octavia.loadbalancer.OctaviaAction.DeletePool;
import io.ballast.octavia.loadbalancer.OctaviaAction.UpdateListener;
import io.ballast.octavia.loadbalancer.OctaviaAction.UpdateLoadBalancer;
import io.ballast.octavia.loadbalancer.OctaviaAction.UpdateMonitor;
import io.ballast.octavia.loadbalancer.OctaviaAction.UpdatePool;
import io.ballast.schemas.contract.DesiredListener;
import io.ballast.schemas.contract.DesiredPool;
import io.ballast.schemas.contract.ProvisioningStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What to write to a load balancer that exists. */
public final class Planner {
    private final Blueprint desired;
    private final ObservedLoadBalancer observed;
    private final MemberCosts costs;
    private final ListenerDefaults defaults;
    private final PoolMatch pools;
    private final List<OctaviaAction> actions = new ArrayList<>();

    /** Monitors to be made when all listeners are there; empty unless the provider is ovn. */
    private final List<OctaviaAction> monitors = new ArrayList<>();

    private Planner(Blueprint desired, ObservedLoadBalancer observed, MemberCosts costs, ListenerDefaults defaults) {
        this.desired = desired;
        this.observed = observed;
        this.costs = costs;
        this.defaults = defaults;
        this.pools = PoolMatch.of(desired.listeners(), desired.pools(), observed);
    }

    /**
     * The writes that bring {@code observed} nearer to {@code desired}, each of them possible now, in the order in which
     * they are preferred: the first is made, then everything is looked at again. Empty when converged, or while Octavia
     * accepts no change. What is stuck is mended first, then who may connect is corrected, and a listener that is missing is
     * made where its port is free and its pool serves: nothing comes between the two halves of a listener that is made anew.
     * Pools are filled before listeners lead to them, a port is freed before it is needed, and what nothing leads to goes last.
     * On ovn monitors follow all that, and then listeners are mended: each write to a pool or monitor leaves them PENDING_UPDATE.
     */
    public static List<OctaviaAction> plan(Blueprint desired, ObservedLoadBalancer observed, MemberCosts costs) {
        return plan(desired, observed, costs, ListenerDefaults.DOCUMENTED, Set.of());
    }

    /**
     * The same, and tags that we put there go when they are not desired any more; those of others stay.
     *
     * @param defaults what Octavia writes where nothing is asked for
     * @param recordedTags tags that we put there
     */
    public static List<OctaviaAction> plan(
            Blueprint desired,
            ObservedLoadBalancer observed,
            MemberCosts costs,
            ListenerDefaults defaults,
            Set<String> recordedTags) {
        if (!observed.head().isActive()) {
            return List.of();
        }
        var planner = new Planner(desired, observed, costs, defaults);
        planner.mendListeners(there -> !planner.isLeftBehind(there));
        planner.mendPools();
        planner.narrow();
        if (!observed.head().adminUp()) {
            planner.changeHead(recordedTags);
        }
        planner.open();
        planner.changePools();
        planner.changeListeners();
        planner.removeUnwanted();
        if (observed.head().adminUp()) {
            planner.changeHead(recordedTags);
        }
        planner.actions.addAll(planner.monitors);
        planner.mendListeners(planner::isLeftBehind);
        return List.copyOf(planner.actions);
    }

    /** Octavia 11 leaves children PENDING for ever under an ACTIVE load balancer; writing them again brings them to ACTIVE. */
    private void mendListeners(Predicate<Listener> which) {
        for (var listener : desired.listeners()) {
            listenerOf(listener)
                    .filter(there -> isStuck(there.provisioning()))
                    .filter(which)
                    .ifPresent(there -> actions.add(update(listener, there)));
        }
    }

    /** A change of its pool, or of that pool's monitor, has ended, and ovn did not mark it. */
    private boolean isLeftBehind(Listener listener) {
        return observed.head().isOvn() && listener.provisioning() == ProvisioningStatus.PENDING_UPDATE;
    }

    private void mendPools() {
        for (var pool : desired.pools()) {
            pools.of(pool.name()).ifPresent(there -> mend(pool, there));
        }
    }

    private void mend(DesiredPool pool, Pool there) {
        if (isStuck(there.provisioning())) {
            actions.add(new UpdatePool(there.id(), shell(pool)));
        }
        if (there.members().stream().anyMatch(member -> isStuck(member.provisioning()))) {
            actions.add(MemberPlan.all(pool.members(), there));
        }
        var monitor = there.monitor();
        var wanted = pool.healthMonitor();
        if (monitor != null && isStuck(monitor.provisioning()) && !OvnMonitors.isUnmade(observed, monitor)) {
            actions.add(
                    wanted == null
                            ? new DeleteMonitor(there.id(), monitor.id())
                            : new UpdateMonitor(there.id(), monitor.id(), wanted));
        }
    }

    static boolean isStuck(ProvisioningStatus status) {
        return switch (status) {
            case PENDING_CREATE, PENDING_UPDATE, ERROR -> true;
            case ACTIVE, PENDING_DELETE, DELETED, UNKNOWN -> false;
        };
    }

    private void narrow() {
        for (var listener : desired.listeners()) {
            listenerOf(listener)
                    .filter(there -> Differences.admission(listener, there))
                    .ifPresent(there -> actions.add(update(listener, there)));
        }
    }

    private void open() {
        for (var listener : desired.listeners()) {
            poolReadyFor(listener)
                    .filter(_ ->
                            listenerOf(listener).isEmpty() && rival(listener).isEmpty())
                    .ifPresent(pool -> actions.add(new CreateListener(observed.id(), listener, pool.id())));
        }
    }

    private void changePools() {
        for (var pool : desired.pools()) {
            pools.of(pool.name())
                    .ifPresentOrElse(
                            there -> change(pool, there),
                            () -> actions.add(new CreatePool(observed.id(), shell(pool))));
        }
    }

    private void change(DesiredPool pool, Pool there) {
        if (Differences.in(pool, there)) {
            actions.add(new UpdatePool(there.id(), shell(pool)));
        }
        actions.addAll(MemberPlan.plan(pool.members(), there, costs));
        var monitor = there.monitor();
        var wanted = pool.healthMonitor();
        if (OvnMonitors.isUnmade(observed, monitor)) {
            return;
        }
        if (monitor != null && (wanted == null || !Words.of(wanted.type()).equals(monitor.type()))) {
            actions.add(new DeleteMonitor(there.id(), monitor.id())); // its type cannot change
        } else if (monitor == null && wanted != null) {
            (observed.head().isOvn() ? monitors : actions).add(new CreateMonitor(there.id(), wanted));
        } else if (monitor != null && wanted != null && Differences.in(wanted, monitor)) {
            actions.add(new UpdateMonitor(there.id(), monitor.id(), wanted));
        }
    }

    private void changeListeners() {
        for (var listener : desired.listeners()) {
            var there = listenerOf(listener);
            if (there.isPresent()) {
                var update = update(listener, there.get());
                if (Differences.in(listener, there.get(), update.poolId(), defaults)) {
                    actions.add(update);
                }
            } else {
                pools.of(listener.pool()).ifPresent(pool -> create(listener, pool));
            }
        }
    }

    private void create(DesiredListener listener, Pool pool) {
        rival(listener)
                .ifPresentOrElse(
                        rival -> poolReadyFor(listener)
                                .ifPresent(_ -> actions.add(new DeleteListener(rival.id(), rival.name()))),
                        () -> actions.add(new CreateListener(observed.id(), listener, pool.id())));
    }

    /** The listener of another protocol that occupies the port: it serves until its successor can take its place. */
    private Optional<Listener> rival(DesiredListener listener) {
        return observed.listeners().stream()
                .filter(each -> isRival(listener, each))
                .findFirst();
    }

    private static boolean isRival(DesiredListener desired, Listener observed) {
        return desired.port() == observed.port()
                && !isSame(desired, observed)
                && Words.transport(observed.protocol())
                        .equals(Words.transport(desired.protocol().name()));
    }

    /** A listener is not led to a pool that is still empty while its old one serves. */
    private UpdateListener update(DesiredListener listener, Listener there) {
        return new UpdateListener(there.id(), listener, poolFor(listener, there));
    }

    private @Nullable String poolFor(DesiredListener listener, Listener there) {
        var old = there.defaultPoolId();
        var pool = pools.of(listener.pool()).orElse(null);
        if (pool == null) {
            return old;
        }
        return old == null || mayBeEmpty(listener) || !pool.members().isEmpty() ? pool.id() : old;
    }

    /** Its pool, when it has members or should have none. */
    private Optional<Pool> poolReadyFor(DesiredListener listener) {
        return pools.of(listener.pool())
                .filter(pool -> mayBeEmpty(listener) || !pool.members().isEmpty());
    }

    private boolean mayBeEmpty(DesiredListener listener) {
        return desired.pools().stream()
                .filter(each -> each.name().equals(listener.pool()))
                .allMatch(each -> each.members().isEmpty());
    }

    private void removeUnwanted() {
        for (var there : observed.listeners()) {
            if (desired.listeners().stream()
                    .noneMatch(listener -> isSame(listener, there) || isRival(listener, there))) {
                actions.add(new DeleteListener(there.id(), there.name()));
            }
        }
        for (var there : observed.pools()) {
            if (!pools.isMatched(there) && !pools.isUsed(there)) {
                actions.add(new DeletePool(there.id(), there.name()));
            }
        }
    }

    /** Tags of others stay. */
    private void changeHead(Set<String> recordedTags) {
        var head = observed.head();
        var tags = new TreeSet<>(head.tags());
        tags.removeAll(recordedTags);
        tags.addAll(desired.tags());
        if (!head.adminUp()
                || !head.name().equals(desired.name())
                || !head.tags().equals(tags)) {
            actions.add(new UpdateLoadBalancer(head.id(), desired.name(), tags));
        }
    }

    private Optional<Listener> listenerOf(DesiredListener listener) {
        return observed.listeners().stream()
                .filter(each -> isSame(listener, each))
                .findFirst();
    }

    private static boolean isSame(DesiredListener desired, Listener observed) {
        return desired.port() == observed.port() && desired.protocol().name().equals(observed.protocol());
    }

    private static DesiredPool shell(DesiredPool pool) {
        return new DesiredPool(
                pool.name(),
                pool.protocol(),
                pool.algorithm(),
                pool.persistence(),
                pool.persistenceTimeoutSeconds(),
                null,
                List.of());
    }
}
