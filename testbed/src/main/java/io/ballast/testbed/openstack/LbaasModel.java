package io.ballast.testbed.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * LBaaS v2 below Neutron's {@code /v2.0/lbaas}, over the state and the pace of Octavia's model with amphorae: what neutron-lbaas
 * takes, shows, refuses and calls its errors. Known from its source only; it can no longer be run.
 */
final class LbaasModel {
    static final String PROVIDER = "haproxy";
    private static final Pattern IMMUTABLE = Pattern.compile("(?s).* (\\S+) is immutable.*");

    private final OctaviaModel octavia;

    LbaasModel(OctaviaModel octavia) {
        this.octavia = octavia;
    }

    ModelReply handle(ModelRequest request, Caller caller) {
        var segments = request.segments();
        if (segments.size() < 3) {
            throw notFound();
        }
        var kind = kind(segments);
        var write = request.method().equals("POST") || request.method().equals("PUT");
        if (write) {
            check(request, kind);
        }
        if (request.method().equals("DELETE")) {
            requireNoChildren(kind, segments.getLast(), caller);
        }
        try {
            return shown(octavia.handle(asOctavia(request, kind), caller), kind, segments);
        } catch (ApiError e) {
            throw translated(e.reply());
        }
    }

    private static Kind kind(List<String> segments) {
        var isMember = segments.size() > 4
                && segments.get(2).equals("pools")
                && segments.get(4).equals("members");
        return isMember
                ? Kind.MEMBER
                : Kind.ofCollection(segments.get(2))
                        .filter(each -> each != Kind.MEMBER)
                        .orElseThrow(LbaasModel::notFound);
    }

    private static void check(ModelRequest request, Kind kind) {
        var body = request.body();
        if (body == null || !body.path(kind.singular).isObject()) {
            throw request.method().equals("PUT") && body != null && body.has(kind.collection)
                    ? notFound() // no batch
                    : LbaasAttributes.bad("Unable to find '" + kind.singular + "' in request body");
        }
        LbaasAttributes.check(kind, body.get(kind.singular), request.method().equals("POST"));
    }

    /** Without what only LBaaS v2 knows, and without a query: it knows no cascade. */
    private static ModelRequest asOctavia(ModelRequest request, Kind kind) {
        var query = request.method().equals("GET") ? request.query() : Map.<String, List<String>>of();
        JsonNode body = request.body();
        if (body != null && body.path(kind.singular).isObject()) {
            var given = (ObjectNode) body.get(kind.singular).deepCopy();
            var project = given.remove("tenant_id");
            if (project != null && kind == Kind.LOAD_BALANCER) {
                given.set("project_id", project);
            }
            if (Json.has(given, "provider") && !Json.text(given, "provider").equals(PROVIDER)) {
                throw LbaasAttributes.bad("The provider '%s' is not a valid LOADBALANCERV2 provider"
                        .formatted(Json.text(given, "provider")));
            }
            given.put("provider", Provider.AMPHORA.label());
            if (kind != Kind.LOAD_BALANCER) {
                given.remove("provider");
            }
            if (given.path("session_persistence").isEmpty() && given.has("session_persistence")) {
                given.putNull("session_persistence");
            }
            body = Json.object(kind.singular, given);
        }
        return new ModelRequest(
                OpenStackService.OCTAVIA, request.method(), request.path(), query, request.headers(), body);
    }

    /** Nothing that others hang on can be deleted: listeners and pools of a load balancer, the monitor of a pool. */
    private void requireNoChildren(Kind kind, String id, Caller caller) {
        if (kind == Kind.LOAD_BALANCER) {
            octavia.state.find(kind, id);
            inUse("listener", octavia.state.table(Kind.LISTENER).ofLoadBalancer(id), "loadbalancer", caller);
            inUse("pool", octavia.state.table(Kind.POOL).ofLoadBalancer(id), "loadbalancer", caller);
        } else if (kind == Kind.POOL) {
            inUse("healthmonitor", octavia.state.monitorsOf(octavia.state.find(kind, id)), "pool", caller);
        }
    }

    private static void inUse(String child, List<Row> children, String parent, Caller caller) {
        children.stream()
                .filter(row -> caller.owns(row.text("project_id")))
                .findFirst()
                .ifPresent(row -> {
                    throw ApiError.neutron(409, "EntityInUse", "%s is using %s %s".formatted(child, parent, row.id()));
                });
    }

    private ModelReply shown(ModelReply reply, Kind kind, List<String> segments) {
        var body = reply.body();
        if (body == null) {
            return reply;
        }
        if (segments.getLast().equals("statuses")) {
            ((ObjectNode) body.at("/statuses/loadbalancer"))
                    .set("pools", octavia.state.poolStatuses(segments.get(segments.size() - 2)));
            body.findParents("health_monitor")
                    .forEach(pool ->
                            ((ObjectNode) pool).set("healthmonitor", ((ObjectNode) pool).remove("health_monitor")));
            return reply;
        }
        var doc = Json.object();
        if (body.has(kind.singular)) {
            doc.set(kind.singular, LbaasAttributes.shown(kind, body.get(kind.singular)));
        } else {
            var all = new ArrayList<ObjectNode>();
            body.path(kind.collection).forEach(each -> all.add(LbaasAttributes.shown(kind, each)));
            doc.set(kind.collection, Json.array(all));
            doc.set(kind.collection + "_links", Json.value(body.path(kind.collection + "_links")));
        }
        return new ModelReply(reply.status(), doc, reply.headers(), reply.took(), reply.lost());
    }

    /** Octavia's refusals in the words of neutron-lbaas. */
    private static ApiError translated(ModelReply refusal) {
        var text = refusal.errorText();
        var immutable = IMMUTABLE.matcher(text);
        if (immutable.matches()) {
            return ApiError.neutron(
                    409, "StateInvalid", "Invalid state PENDING_UPDATE of loadbalancer resource " + immutable.group(1));
        }
        if (text.contains("already allocated")) {
            return ApiError.neutron(
                    409, "IpAddressAlreadyAllocated", text.substring(text.indexOf("IP address"), text.indexOf('\n')));
        }
        if (text.startsWith("Quota has been met")) {
            return ApiError.neutron(409, "OverQuota", "Quota exceeded for resources: ['" + text.substring(33) + "'].");
        }
        return ApiError.neutron(
                refusal.status() == 501 ? 400 : refusal.status(),
                refusal.status() == 404 ? "EntityNotFound" : "HTTPError",
                text);
    }

    private static ApiError notFound() {
        return ApiError.neutron(404, "HTTPNotFound", "The resource could not be found.");
    }
}
