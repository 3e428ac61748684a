package io.ballast.testbed.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Creating, changing and deleting load balancers. Creates of one project wait for each other, as behind its quota row. */
final class OctaviaLoadBalancers {
    private final World world;
    private final OctaviaState state;
    private final OctaviaVips vips;
    private final Provisioning provisioning;
    private final NeutronModel neutron;
    private final Provider standard;
    private final Map<String, Instant> projectBusyUntil = new HashMap<>();

    OctaviaLoadBalancers(
            World world,
            OctaviaState state,
            OctaviaVips vips,
            Provisioning provisioning,
            NeutronModel neutron,
            Provider standard) {
        this.world = world;
        this.state = state;
        this.vips = vips;
        this.provisioning = provisioning;
        this.neutron = neutron;
        this.standard = standard;
    }

    ModelReply create(JsonNode given, Caller caller) {
        OctaviaAttributes.checkNew(Kind.LOAD_BALANCER, given);
        OctaviaGraph.checkTypes(given);
        var projectId = Json.has(given, "project_id") ? Json.text(given, "project_id") : caller.projectId();
        if (!caller.owns(projectId)) {
            throw OctaviaModel.forbidden();
        }
        var place = vips.place(given, caller);
        given.path("additional_vips").forEach(each -> vips.subnet(Json.text(each, "subnet_id"), caller));
        var provider = Json.has(given, "provider")
                ? Provider.named(Json.text(given, "provider"))
                        .orElseThrow(() -> ApiError.octavia(
                                400, "Provider '" + Json.text(given, "provider") + "' is not enabled."))
                : standard;
        if (Json.has(given, "flavor_id") && !Json.text(given, "flavor_id").equals(OctaviaAttributes.FLAVOR_ID)) {
            throw ApiError.invalid("Invalid flavor_id.");
        }
        requireQuota(Kind.LOAD_BALANCER, projectId, 1);

        var doc = newDoc(given, projectId, provider);
        vips.allocate(doc, provider, place, given.path("additional_vips"));
        var row = new Row(Json.text(doc, "id"), Json.text(doc, "id"), "", doc);
        world.concerned = row.id();
        var graph = new OctaviaGraph(world, provider, doc, vips);
        try {
            if (world.use("nextCreatesBreak")) {
                throw ApiError.octavia(500, "Internal server error");
            }
            graph.build(given);
            for (var kind : Kind.values()) {
                requireQuota(kind, projectId, kind == Kind.LOAD_BALANCER ? 1 : graph.count(kind));
            }
        } catch (ApiError e) {
            if (!world.faults.brokenCreatesLeakPort()) {
                vips.release(row);
            }
            throw e;
        }
        state.table(Kind.LOAD_BALANCER).add(row);
        graph.storeIn(state);
        var cost = world.timing.createLoadBalancer(provider, graph.count(Kind.LISTENER), graph.count(Kind.MEMBER));
        var queued = queue(projectId, cost.reply());
        provisioning.create(row, cost, queued);
        return ModelReply.of(201, Json.object("loadbalancer", state.fullView(row)))
                .taking(queued.plus(cost.reply()));
    }

    private ObjectNode newDoc(JsonNode given, String projectId, Provider provider) {
        var doc = Json.object("id", world.ids.next());
        doc.setAll(OctaviaAttributes.newFields(Kind.LOAD_BALANCER, given));
        doc.setAll(Json.object(
                "project_id",
                projectId,
                "provider",
                Json.text(given, "provider").equals("octavia") ? "octavia" : provider.label(),
                "provisioning_status",
                Provisioning.PENDING_CREATE,
                "operating_status",
                "OFFLINE",
                "created_at",
                world.octaviaTime(),
                "updated_at",
                null));
        return doc;
    }

    /** How long a create waits for those before it in its project. */
    private Duration queue(String projectId, Duration busy) {
        var free = projectBusyUntil.getOrDefault(projectId, world.now);
        var start = free.isAfter(world.now) ? free : world.now;
        projectBusyUntil.put(projectId, start.plus(busy));
        return Duration.between(world.now, start);
    }

    void requireQuota(Kind kind, String projectId, int more) {
        int limit = world.faults.quota(kind.singular);
        if (limit >= 0 && more > 0 && state.used(kind, projectId) + more > limit) {
            throw OctaviaRules.quotaMet(kind);
        }
    }

    ModelReply update(Row row, JsonNode given) {
        OctaviaAttributes.checkChange(Kind.LOAD_BALANCER, given);
        if (!row.status().equals(Provisioning.ACTIVE)) {
            throw Provisioning.invalidState(row);
        }
        OctaviaAttributes.change(Kind.LOAD_BALANCER, given, row.doc());
        var cost = world.timing.updateLoadBalancer(state.provider(row));
        provisioning.update(row, cost, List.of(), List.of(), List.of());
        return ModelReply.ok(Json.object("loadbalancer", state.view(Kind.LOAD_BALANCER, row)))
                .taking(cost.reply());
    }

    ModelReply delete(Row row, boolean cascade) {
        if (!cascade && !state.childrenOf(row.id()).isEmpty()) {
            throw ApiError.invalid("Cannot delete Load Balancer " + row.id() + " - it has children");
        }
        if (!row.status().equals(Provisioning.ACTIVE) && !row.status().equals(Provisioning.ERROR)) {
            throw Provisioning.invalidState(row);
        }
        var cost = world.timing.deleteLoadBalancer(state.provider(row), state.memberCount(row.id()));
        provisioning.delete(row, cost);
        return ModelReply.noContent().taking(cost.reply());
    }

    ModelReply failover(Row row) {
        var provider = state.provider(row);
        if (provider == Provider.OVN) {
            throw ApiError.octavia(
                    501,
                    "Provider 'ovn' does not support a requested option: OVN provider does not support loadbalancer failover");
        }
        if (!row.status().equals(Provisioning.ACTIVE) && !row.status().equals(Provisioning.ERROR)) {
            throw Provisioning.invalidState(row);
        }
        vips.unplug(row.id());
        vips.plug(row);
        var cost = world.timing.createLoadBalancer(provider, 0, 0);
        provisioning.update(row, cost, List.of(), state.childrenOf(row.id()), List.of());
        return ModelReply.of(202, null).taking(cost.reply());
    }

    /** The VIP port's load balancer; empty text when the port is none. */
    String ofPort(String portId) {
        return portId.isEmpty()
                ? ""
                : state
                        .table(Kind.LOAD_BALANCER)
                        .where(row -> row.text("vip_port_id").equals(portId))
                        .stream()
                        .map(Row::id)
                        .findFirst()
                        .orElse("");
    }

    /** The load balancer that a floating IP belongs to now. */
    String ofFloatingIp(String floatingIpId) {
        return neutron.state
                .floatingIps
                .find(floatingIpId)
                .map(row -> ofPort(row.text("port_id")))
                .orElse("");
    }
}
