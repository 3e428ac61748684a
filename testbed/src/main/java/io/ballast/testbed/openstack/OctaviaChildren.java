package io.ballast.testbed.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Listeners, pools and health monitors. Each write locks the whole load balancer. */
final class OctaviaChildren {
    private final World world;
    private final OctaviaState state;
    private final Provisioning provisioning;
    private final OctaviaLoadBalancers loadBalancers;

    OctaviaChildren(World world, OctaviaState state, Provisioning provisioning, OctaviaLoadBalancers loadBalancers) {
        this.world = world;
        this.state = state;
        this.provisioning = provisioning;
        this.loadBalancers = loadBalancers;
    }

    /** A new object in PENDING_CREATE, not yet stored. */
    static Row newRow(
            World world, Kind kind, String loadBalancerId, String parentId, String projectId, JsonNode given) {
        var doc = Json.object("id", world.ids.next());
        doc.setAll(OctaviaAttributes.newFields(kind, given));
        doc.setAll(Json.object(
                "project_id",
                projectId,
                "provisioning_status",
                Provisioning.PENDING_CREATE,
                "operating_status",
                kind == Kind.MEMBER ? "NO_MONITOR" : "OFFLINE",
                "created_at",
                world.octaviaTime(),
                "updated_at",
                null));
        return new Row(Json.text(doc, "id"), loadBalancerId, parentId, doc);
    }

    ModelReply create(Kind kind, JsonNode given, Caller caller) {
        OctaviaAttributes.checkNew(kind, given);
        return switch (kind) {
            case LISTENER -> createListener(given, caller);
            case POOL -> createPool(given, caller);
            default -> createMonitor(given, caller);
        };
    }

    private ModelReply createListener(JsonNode given, Caller caller) {
        var loadBalancer = own(Kind.LOAD_BALANCER, Json.text(given, "loadbalancer_id"), caller);
        var provider = state.provider(loadBalancer);
        var protocol = Json.text(given, "protocol");
        loadBalancers.requireQuota(Kind.LISTENER, loadBalancer.text("project_id"), 1);
        OctaviaRules.checkListener(provider, given, protocol, loadBalancer.text("vip_address"));
        var pool = defaultPool(loadBalancer, given, protocol);
        Provisioning.requireMutable(loadBalancer);
        var port = Json.text(given, "protocol_port");
        var transport = OctaviaRules.transport(protocol);
        for (var other : state.table(Kind.LISTENER).ofLoadBalancer(loadBalancer.id())) {
            if (other.text("protocol_port").equals(port)
                    && OctaviaRules.transport(other.text("protocol")).equals(transport)) {
                throw duplicateListener(transport, port);
            }
        }
        var row = newRow(world, Kind.LISTENER, loadBalancer.id(), "", loadBalancer.text("project_id"), given);
        if (state.table(Kind.HEALTH_MONITOR).ofLoadBalancer(loadBalancer.id()).stream()
                .anyMatch(monitor -> !isUnmade(Kind.HEALTH_MONITOR, monitor))) {
            provisioning.hang(loadBalancer);
        }
        return created(Kind.LISTENER, row, loadBalancer, world.timing.writeListener(provider), pool);
    }

    private List<Row> defaultPool(Row loadBalancer, JsonNode given, String protocol) {
        if (!Json.has(given, "default_pool_id")) {
            return List.of();
        }
        var pool = state.find(Kind.POOL, Json.text(given, "default_pool_id"));
        if (!pool.loadBalancerId().equals(loadBalancer.id())) {
            throw ApiError.notFound(Kind.POOL.label, pool.id());
        }
        OctaviaRules.checkProtocols(protocol, pool.text("protocol"));
        return List.of(pool);
    }

    private ModelReply createPool(JsonNode given, Caller caller) {
        if (!Json.has(given, "listener_id") && !Json.has(given, "loadbalancer_id")) {
            throw ApiError.invalid("Must provide at least one of: loadbalancer_id, listener_id");
        }
        var listeners = Json.has(given, "listener_id")
                ? List.of(own(Kind.LISTENER, Json.text(given, "listener_id"), caller))
                : List.<Row>of();
        var loadBalancer = listeners.isEmpty()
                ? own(Kind.LOAD_BALANCER, Json.text(given, "loadbalancer_id"), caller)
                : state.loadBalancerOf(listeners.getFirst());
        var provider = state.provider(loadBalancer);
        loadBalancers.requireQuota(Kind.POOL, loadBalancer.text("project_id"), 1);
        OctaviaRules.checkPool(provider, given, Json.text(given, "protocol"));
        for (var listener : listeners) {
            OctaviaRules.checkProtocols(listener.text("protocol"), Json.text(given, "protocol"));
        }
        if (Json.has(given, "members") || Json.has(given, "healthmonitor")) {
            throw ApiError.invalid("members and healthmonitor are for a fully populated load balancer only");
        }
        Provisioning.requireMutable(loadBalancer);
        for (var listener : listeners) {
            if (!listener.text("default_pool_id").isEmpty()) {
                throw ApiError.octavia(409, "This listener already has a default pool");
            }
        }
        var row = newRow(world, Kind.POOL, loadBalancer.id(), "", loadBalancer.text("project_id"), given);
        row.set("session_persistence", OctaviaRules.persistence(given.path("session_persistence")));
        listeners.forEach(listener -> listener.set("default_pool_id", row.id()));
        return created(Kind.POOL, row, loadBalancer, world.timing.writePool(provider), listeners);
    }

    private ModelReply createMonitor(JsonNode given, Caller caller) {
        if (!Json.has(given, "pool_id")) {
            throw OctaviaAttributes.badValue("pool_id", "None", "Mandatory field missing.");
        }
        var pool = own(Kind.POOL, Json.text(given, "pool_id"), caller);
        var loadBalancer = state.loadBalancerOf(pool);
        var provider = state.provider(loadBalancer);
        OctaviaRules.checkMonitor(provider, given, pool.text("protocol"));
        loadBalancers.requireQuota(Kind.HEALTH_MONITOR, loadBalancer.text("project_id"), 1);
        Provisioning.requireMutable(loadBalancer);
        if (!state.monitorsOf(pool).isEmpty()) {
            throw ApiError.octavia(409, "This pool already has a health monitor");
        }
        var listeners = state.listenersUsing(pool);
        var row = newRow(
                world, Kind.HEALTH_MONITOR, loadBalancer.id(), pool.id(), loadBalancer.text("project_id"), given);
        OctaviaRules.fillMonitor(row);
        var reply = created(Kind.HEALTH_MONITOR, row, loadBalancer, world.timing.writePool(provider), List.of(pool));
        provisioning.updateListeners(loadBalancer, listeners);
        return reply;
    }

    private ModelReply created(Kind kind, Row row, Row loadBalancer, Timing.Cost cost, List<Row> changed) {
        world.concerned = loadBalancer.id();
        state.table(kind).add(row);
        provisioning.update(loadBalancer, cost, List.of(row), changed, List.of());
        return ModelReply.of(201, Json.object(kind.singular, state.view(kind, row)))
                .taking(cost.reply());
    }

    ModelReply update(Kind kind, String id, JsonNode given, Caller caller) {
        var row = own(kind, id, caller);
        OctaviaAttributes.checkChange(kind, given);
        var loadBalancer = state.loadBalancerOf(row);
        var provider = state.provider(loadBalancer);
        var changed = new ArrayList<Row>(List.of(row));
        var listeners = new ArrayList<Row>();
        switch (kind) {
            case LISTENER -> {
                OctaviaRules.checkListener(provider, given, row.text("protocol"), loadBalancer.text("vip_address"));
                changed.addAll(defaultPool(loadBalancer, given, row.text("protocol")));
            }
            case POOL -> {
                OctaviaRules.checkPool(provider, given, row.text("protocol"));
                listeners.addAll(state.listenersUsing(row));
            }
            default -> {
                var pool = state.table(Kind.POOL).get(row.parentId());
                changed.add(pool);
                listeners.addAll(state.listenersUsing(pool));
            }
        }
        Provisioning.requireMutable(loadBalancer);
        if (isUnmade(kind, row)
                || (given.path("default_pool_id").isNull()
                        && !row.text("default_pool_id").isEmpty())) {
            provisioning.hang(loadBalancer);
        }
        OctaviaAttributes.change(kind, given, row.doc());
        if (given.has("session_persistence")) {
            row.set("session_persistence", OctaviaRules.persistence(given.path("session_persistence")));
        }
        var cost = kind == Kind.LISTENER ? world.timing.writeListener(provider) : world.timing.writePool(provider);
        provisioning.update(loadBalancer, cost, List.of(), changed, List.of());
        provisioning.updateListeners(loadBalancer, listeners);
        return ModelReply.ok(Json.object(kind.singular, state.view(kind, row))).taking(cost.reply());
    }

    ModelReply delete(Kind kind, String id, Caller caller) {
        var row = own(kind, id, caller);
        var loadBalancer = state.loadBalancerOf(row);
        var provider = state.provider(loadBalancer);
        Provisioning.requireMutable(loadBalancer);
        if (isUnmade(kind, row)) {
            provisioning.hang(loadBalancer);
        }
        var doomed = new ArrayList<Row>(List.of(row));
        var changed = new ArrayList<Row>();
        var listeners = new ArrayList<Row>();
        if (kind == Kind.POOL) {
            doomed.addAll(state.membersOf(row));
            doomed.addAll(state.monitorsOf(row));
            changed.addAll(state.listenersUsing(row));
            changed.forEach(listener -> listener.set("default_pool_id", null));
        } else if (kind == Kind.HEALTH_MONITOR) {
            var pool = state.table(Kind.POOL).get(row.parentId());
            changed.add(pool);
            listeners.addAll(state.listenersUsing(pool));
        }
        var cost = kind == Kind.LISTENER ? world.timing.writeListener(provider) : world.timing.writePool(provider);
        provisioning.update(loadBalancer, cost, List.of(), changed, doomed);
        provisioning.updateListeners(loadBalancer, listeners);
        return ModelReply.noContent().taking(cost.reply());
    }

    private static boolean isUnmade(Kind kind, Row row) {
        return kind == Kind.HEALTH_MONITOR && row.status().equals(Provisioning.PENDING_CREATE);
    }

    private Row own(Kind kind, String id, Caller caller) {
        var row = state.find(kind, id);
        if (!caller.owns(row.text("project_id"))) {
            throw OctaviaModel.forbidden();
        }
        world.concerned = row.loadBalancerId();
        return row;
    }

    static ApiError duplicateListener(String protocol, String port) {
        return ApiError.octavia(
                409,
                "Another Listener on this Load Balancer is already using protocol " + protocol + " and protocol_port "
                        + port);
    }
}
