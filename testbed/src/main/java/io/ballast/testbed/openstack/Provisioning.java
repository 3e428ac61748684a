package io.ballast.testbed.openstack;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The state machine of {@code provisioning_status}. A change locks the load balancer and what it touches, and ends later:
 * <pre>
 *   (nothing) → PENDING_CREATE → ACTIVE | ERROR
 *   ACTIVE    → PENDING_UPDATE → ACTIVE | ERROR
 *   ACTIVE | ERROR → PENDING_DELETE → (nothing)
 * </pre>
 */
final class Provisioning {
    static final String ACTIVE = "ACTIVE";
    static final String ERROR = "ERROR";
    static final String PENDING_CREATE = "PENDING_CREATE";
    static final String PENDING_UPDATE = "PENDING_UPDATE";
    static final String PENDING_DELETE = "PENDING_DELETE";
    private static final double RESUME_SECONDS = 0.4;

    private final World world;
    private final OctaviaState state;
    private final OctaviaVips vips;
    private final List<Change> held = new ArrayList<>();
    private final List<Change> stuck = new ArrayList<>();
    /** Pools that have had members. */
    private final Set<String> filled = new HashSet<>();

    Provisioning(World world, OctaviaState state, OctaviaVips vips) {
        this.world = world;
        this.state = state;
        this.vips = vips;
    }

    /** What is under way at one load balancer. {@code touched} become ACTIVE, {@code doomed} vanish. */
    private static final class Change {
        final Row loadBalancer;
        final String pending;
        final List<Row> touched;
        final List<Row> doomed;
        boolean fails;
        boolean childrenStay;

        Change(Row loadBalancer, String pending, List<Row> touched, List<Row> doomed) {
            this.loadBalancer = loadBalancer;
            this.pending = pending;
            this.touched = List.copyOf(touched);
            this.doomed = List.copyOf(doomed);
        }
    }

    /** Refuses with 409 unless the load balancer is ACTIVE. */
    static void requireMutable(Row loadBalancer) {
        if (!loadBalancer.status().equals(ACTIVE)) {
            throw immutable(Kind.LOAD_BALANCER, loadBalancer.id());
        }
    }

    static ApiError immutable(Kind kind, String id) {
        return ApiError.octavia(409, kind.label + " " + id + " is immutable and cannot be updated.");
    }

    static ApiError invalidState(Row loadBalancer) {
        return ApiError.octavia(
                409, "Invalid state " + loadBalancer.status() + " of loadbalancer resource " + loadBalancer.id());
    }

    void create(Row loadBalancer, Timing.Cost cost, Duration queued) {
        var amphora = state.provider(loadBalancer) == Provider.AMPHORA;
        var children = new ArrayList<>(state.childrenOf(loadBalancer.id()));
        children.removeIf(amphora ? this::isForgotten : row -> world.faults.ovnChangesHang() && isMonitor(row));
        var change = new Change(loadBalancer, PENDING_CREATE, children, List.of());
        change.childrenStay = amphora && world.faults.childrenStayPending();
        change.fails = world.use("nextCreatesFail");
        if (world.use("nextChangesStuck")) {
            stuck.add(change);
            return;
        }
        if (amphora) {
            world.agenda.plan(world.now.plus(queued).plus(cost.settled().dividedBy(2)), _ -> plug(change));
        }
        planEnd(change, queued.plus(cost.settled()));
    }

    /** After a nested create the amphora provider marks listeners and what is below them; a pool of none stays PENDING_CREATE. */
    private boolean isForgotten(Row row) {
        var pools = state.table(Kind.POOL);
        return pools.find(row.parentId().isEmpty() ? row.id() : row.parentId())
                .filter(pool -> state.listenersUsing(pool).isEmpty())
                .isPresent();
    }

    /** Starts a change of an ACTIVE load balancer; {@code fresh} rows are new, {@code changed} ones were there. */
    void update(Row loadBalancer, Timing.Cost cost, List<Row> fresh, List<Row> changed, List<Row> doomed) {
        loadBalancer.set("provisioning_status", PENDING_UPDATE);
        loadBalancer.set("updated_at", world.octaviaTime());
        fresh.forEach(row -> row.set("provisioning_status", PENDING_CREATE));
        doomed.forEach(row -> row.set("provisioning_status", PENDING_DELETE));
        var touched = new ArrayList<>(fresh);
        for (var row : changed) {
            row.set("provisioning_status", PENDING_UPDATE);
            row.set("updated_at", world.octaviaTime());
            touched.add(row);
        }
        var change = new Change(loadBalancer, PENDING_UPDATE, touched, doomed);
        change.fails = world.use("nextChangesFail");
        if (world.use("nextChangesStuck")) {
            stuck.add(change);
        } else {
            planEnd(change, cost.settled());
        }
    }

    /** The next change of this load balancer never ends, where the switch for that is on. */
    void hang(Row loadBalancer) {
        if (world.faults.ovnChangesHang() && state.provider(loadBalancer) == Provider.OVN) {
            world.change(faults -> faults.with("nextChangesStuck", faults.nextChangesStuck() + 1));
        }
    }

    /**
     * Marks the listeners of a pool that changes, or whose monitor does. The ovn provider never marks them back: they stay
     * PENDING_UPDATE until a write to them, or to a member, ends.
     */
    void updateListeners(Row loadBalancer, List<Row> listeners) {
        if (state.provider(loadBalancer) == Provider.OVN) {
            listeners.forEach(row -> row.set("provisioning_status", PENDING_UPDATE));
        }
    }

    void delete(Row loadBalancer, Timing.Cost cost) {
        var children = state.childrenOf(loadBalancer.id());
        loadBalancer.set("provisioning_status", PENDING_DELETE);
        loadBalancer.set("updated_at", world.octaviaTime());
        children.forEach(row -> row.set("provisioning_status", PENDING_DELETE));
        var change = new Change(loadBalancer, PENDING_DELETE, List.of(), children);
        if (world.use("nextChangesStuck")) {
            stuck.add(change);
        } else {
            planEnd(change, cost.settled());
        }
    }

    /** Lets the changes go on that waited for the workers. */
    void resume(Instant now) {
        if (!world.faults.workersStopped()) {
            var wait = Duration.ofMillis(Math.round(RESUME_SECONDS * 1000 * world.timing.factor()));
            held.forEach(change -> world.agenda.plan(now.plus(wait), at -> finish(change, at)));
            held.clear();
        }
    }

    /** What an administrator does in the database about what is PENDING for ever: it is in ERROR. */
    void freeStuck() {
        for (var change : stuck) {
            change.fails = true;
            if (change.pending.equals(PENDING_DELETE)) {
                end(change.loadBalancer, ERROR);
                change.doomed.forEach(row -> end(row, ERROR));
            } else {
                settle(change);
            }
        }
        stuck.clear();
    }

    private void planEnd(Change change, Duration settled) {
        world.agenda.plan(world.now.plus(settled), at -> finish(change, at));
    }

    private boolean isStopped(Change change) {
        return world.faults.workersStopped() && state.provider(change.loadBalancer) == Provider.AMPHORA;
    }

    private void plug(Change change) {
        if (!isStopped(change) && !vips.plug(change.loadBalancer)) {
            change.fails = true;
        }
    }

    private void finish(Change change, Instant at) {
        if (isStopped(change)) {
            held.add(change);
            return;
        }
        world.now = at;
        if (change.pending.equals(PENDING_DELETE)) {
            remove(change.loadBalancer);
        } else {
            settle(change);
        }
    }

    private void settle(Change change) {
        var loadBalancer = change.loadBalancer;
        var amphora = state.provider(loadBalancer) == Provider.AMPHORA;
        if (amphora
                && change.pending.equals(PENDING_CREATE)
                && !change.fails
                && state.amphorae.ofLoadBalancer(loadBalancer.id()).isEmpty()) {
            plug(change);
        }
        change.doomed.forEach(this::removeChild);
        if (change.fails && change.pending.equals(PENDING_CREATE)) {
            vips.unplug(loadBalancer.id());
        }
        end(loadBalancer, change.fails ? ERROR : ACTIVE);
        if (!change.childrenStay) {
            change.touched.forEach(row -> end(row, change.fails ? ERROR : ACTIVE));
        }
        if (world.faults.ovnMonitorsFail() && !amphora) {
            change.touched.stream().filter(this::isMonitor).forEach(row -> end(row, ERROR));
        }
        if (!change.fails) {
            if (amphora) {
                vips.plugMemberSubnets(loadBalancer);
            }
            showOperating(loadBalancer, amphora);
        }
    }

    private void end(Row row, String status) {
        row.set("provisioning_status", status);
        row.set("updated_at", world.octaviaTime());
    }

    private boolean isMonitor(Row row) {
        return state.table(Kind.HEALTH_MONITOR).has(row.id());
    }

    private void removeChild(Row row) {
        for (var kind : Kind.values()) {
            if (kind != Kind.LOAD_BALANCER) {
                state.table(kind).remove(row.id());
            }
        }
    }

    private void remove(Row loadBalancer) {
        state.childrenOf(loadBalancer.id()).forEach(this::removeChild);
        state.table(Kind.LOAD_BALANCER).remove(loadBalancer.id());
        vips.unplug(loadBalancer.id());
        vips.release(loadBalancer);
    }

    private void showOperating(Row loadBalancer, boolean amphora) {
        var silent = amphora && world.faults.noHeartbeats();
        show(loadBalancer, silent);
        for (var row : state.childrenOf(loadBalancer.id())) {
            if (row.status().equals(ACTIVE)) {
                show(row, silent);
            }
        }
        for (var pool : state.table(Kind.POOL).ofLoadBalancer(loadBalancer.id())) {
            var members = state.membersOf(pool);
            if (!members.isEmpty()) {
                filled.add(pool.id());
            } else if (!amphora
                    && (filled.contains(pool.id()) || state.listenersUsing(pool).isEmpty())) {
                pool.set("operating_status", "OFFLINE");
            }
            var monitored = !state.monitorsOf(pool).isEmpty();
            for (var member : members) {
                if (member.status().equals(ACTIVE)) {
                    var up = member.doc().path("admin_state_up").asBoolean();
                    var status = !up ? "OFFLINE" : !monitored ? "NO_MONITOR" : silent ? "OFFLINE" : "ONLINE";
                    member.set("operating_status", status);
                }
            }
        }
    }

    private static void show(Row row, boolean silent) {
        var up = row.doc().path("admin_state_up").asBoolean() && !silent;
        row.set("operating_status", up ? "ONLINE" : "OFFLINE");
    }
}
