package io.ballast.testbed.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Octavia's tables, and how an object looks together with what belongs to it. */
final class OctaviaState {
    private final Map<Kind, Table> tables = new EnumMap<>(Kind.class);
    /** Amphorae by id; the row's {@code lb_port} is its vrrp port. */
    final Table amphorae = new Table();

    OctaviaState() {
        for (var kind : Kind.values()) {
            tables.put(kind, new Table());
        }
    }

    Table table(Kind kind) {
        var found = tables.get(kind);
        if (found == null) {
            throw new IllegalStateException("no table of " + kind);
        }
        return found;
    }

    Row find(Kind kind, String id) {
        return table(kind).find(id).orElseThrow(() -> ApiError.notFound(kind.label, id));
    }

    Row loadBalancerOf(Row row) {
        return table(Kind.LOAD_BALANCER).get(row.loadBalancerId());
    }

    Provider provider(Row loadBalancer) {
        return Provider.named(loadBalancer.text("provider")).orElseThrow();
    }

    List<Row> listenersUsing(Row pool) {
        return table(Kind.LISTENER).ofLoadBalancer(pool.loadBalancerId()).stream()
                .filter(row -> row.text("default_pool_id").equals(pool.id()))
                .toList();
    }

    List<Row> membersOf(Row pool) {
        return table(Kind.MEMBER).ofParent(pool.id());
    }

    List<Row> monitorsOf(Row pool) {
        return table(Kind.HEALTH_MONITOR).ofParent(pool.id());
    }

    int memberCount(String loadBalancerId) {
        return table(Kind.MEMBER).ofLoadBalancer(loadBalancerId).size();
    }

    /** Every row of a load balancer except its own. */
    List<Row> childrenOf(String loadBalancerId) {
        var found = new ArrayList<Row>();
        for (var kind : List.of(Kind.LISTENER, Kind.POOL, Kind.MEMBER, Kind.HEALTH_MONITOR)) {
            found.addAll(table(kind).ofLoadBalancer(loadBalancerId));
        }
        return found;
    }

    int used(Kind kind, String projectId) {
        return table(kind)
                .where(row -> row.text("project_id").equals(projectId))
                .size();
    }

    /** What a GET shows: children as bare ids. */
    ObjectNode view(Kind kind, Row row) {
        var doc = row.doc().deepCopy();
        switch (kind) {
            case LOAD_BALANCER -> {
                doc.set("listeners", refs(table(Kind.LISTENER).ofLoadBalancer(row.id())));
                doc.set("pools", refs(table(Kind.POOL).ofLoadBalancer(row.id())));
            }
            case LISTENER -> {
                doc.set("loadbalancers", Json.array(List.of(Json.object("id", row.loadBalancerId()))));
                doc.set("l7policies", Json.array(List.of()));
            }
            case POOL -> {
                doc.set("loadbalancers", Json.array(List.of(Json.object("id", row.loadBalancerId()))));
                doc.set("listeners", refs(listenersUsing(row)));
                doc.set("members", refs(membersOf(row)));
                // the field is not there at all where there is no monitor
                monitorsOf(row).stream().findFirst().ifPresent(monitor -> doc.put("healthmonitor_id", monitor.id()));
            }
            case HEALTH_MONITOR -> doc.set("pools", Json.array(List.of(Json.object("id", row.parentId()))));
            case MEMBER -> {}
        }
        return doc;
    }

    /** What a fully populated create answers: everything nested, with ids, except monitors. */
    ObjectNode fullView(Row loadBalancer) {
        var doc = view(Kind.LOAD_BALANCER, loadBalancer);
        doc.set("listeners", nested(Kind.LISTENER, table(Kind.LISTENER).ofLoadBalancer(loadBalancer.id())));
        doc.set("pools", nested(Kind.POOL, table(Kind.POOL).ofLoadBalancer(loadBalancer.id())));
        for (var pool : doc.path("pools")) {
            var row = table(Kind.POOL).get(Json.text(pool, "id"));
            ((ObjectNode) pool).set("members", nested(Kind.MEMBER, membersOf(row)));
            ((ObjectNode) pool).putNull("healthmonitor");
        }
        return doc;
    }

    /** The status tree of a load balancer: a pool that no listener uses is not in it. */
    ObjectNode statuses(Row loadBalancer) {
        var doc = brief(loadBalancer, List.of());
        var listeners = new ArrayList<ObjectNode>();
        for (var listener : table(Kind.LISTENER).ofLoadBalancer(loadBalancer.id())) {
            var pools = table(Kind.POOL).find(listener.text("default_pool_id")).stream()
                    .map(this::poolStatus)
                    .toList();
            var each = brief(listener, List.of());
            each.set("pools", Json.array(pools));
            listeners.add(each);
        }
        doc.set("listeners", Json.array(listeners));
        return Json.object("statuses", Json.object("loadbalancer", doc));
    }

    /** The statuses of all pools of a load balancer, which LBaaS v2 has in its tree besides. */
    JsonNode poolStatuses(String loadBalancerId) {
        return Json.array(table(Kind.POOL).ofLoadBalancer(loadBalancerId).stream()
                .map(this::poolStatus)
                .toList());
    }

    private ObjectNode poolStatus(Row pool) {
        var doc = brief(pool, List.of());
        doc.set(
                "members",
                Json.array(membersOf(pool).stream()
                        .map(row -> brief(row, List.of("address", "protocol_port")))
                        .toList()));
        monitorsOf(pool).stream().findFirst().ifPresent(row -> doc.set("health_monitor", brief(row, List.of("type"))));
        return doc;
    }

    private static ObjectNode brief(Row row, List<String> more) {
        var doc = Json.object();
        Json.copy(row.doc(), doc, List.of("id", "name", "provisioning_status", "operating_status"));
        Json.copy(row.doc(), doc, more);
        return doc;
    }

    private static JsonNode refs(List<Row> rows) {
        return Json.array(rows.stream().map(row -> Json.object("id", row.id())).toList());
    }

    private JsonNode nested(Kind kind, List<Row> rows) {
        return Json.array(rows.stream().map(row -> view(kind, row)).toList());
    }
}
