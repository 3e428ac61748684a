package io.ballast.testbed.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The children of one fully populated create, checked and built but not yet stored. Pools may stand inside the listener that
 * uses them or beside the listeners; a listener refers to one by name.
 */
final class OctaviaGraph {
    private final World world;
    private final Provider provider;
    private final ObjectNode loadBalancer;
    private final OctaviaVips vips;
    private final Map<Kind, List<Row>> rows = new EnumMap<>(Kind.class);

    OctaviaGraph(World world, Provider provider, ObjectNode loadBalancer, OctaviaVips vips) {
        this.world = world;
        this.provider = provider;
        this.loadBalancer = loadBalancer;
        this.vips = vips;
    }

    /** What can be refused before anything is made: attributes and their types. */
    static void checkTypes(JsonNode given) {
        for (var listener : given.path("listeners")) {
            OctaviaAttributes.checkNew(Kind.LISTENER, listener);
            if (isDefinition(listener.path("default_pool"))) {
                checkPoolTypes(listener.get("default_pool"));
            }
        }
        given.path("pools").forEach(OctaviaGraph::checkPoolTypes);
    }

    private static void checkPoolTypes(JsonNode pool) {
        if (!pool.isObject()) {
            throw OctaviaAttributes.badValue("pools", pool.toString(), "Value not an object.");
        }
        OctaviaAttributes.checkChange(Kind.POOL, without(pool, "protocol", "members", "healthmonitor"));
        for (var member : pool.path("members")) {
            OctaviaAttributes.checkNew(Kind.MEMBER, member);
        }
        if (Json.has(pool, "healthmonitor")) {
            OctaviaAttributes.checkNew(Kind.HEALTH_MONITOR, pool.get("healthmonitor"));
        }
    }

    private static JsonNode without(JsonNode object, String... fields) {
        ObjectNode copy = object.deepCopy();
        copy.remove(List.of(fields));
        return copy;
    }

    /** A pool with more than its name is a definition, one with a name alone refers to a definition elsewhere. */
    private static boolean isDefinition(JsonNode pool) {
        return pool.isObject() && pool.size() > 1;
    }

    /** Builds everything; throws what the real one answers after it has made the VIP port. */
    void build(JsonNode given) {
        var definitions = new ArrayList<JsonNode>(Json.items(given.path("pools")));
        var required = new HashSet<String>();
        for (var listener : given.path("listeners")) {
            var pool = listener.path("default_pool");
            if (pool.isObject() && !Json.has(pool, "name")) {
                throw ApiError.invalid("Pools must be named when creating a fully populated loadbalancer.");
            }
            if (isDefinition(pool)) {
                definitions.add(pool);
            } else if (pool.isObject()) {
                required.add(Json.text(pool, "name"));
            }
        }
        var ids = buildPools(definitions);
        for (var name : required) {
            if (!ids.containsKey(name)) {
                throw ApiError.invalid("Pool '" + name + "' was referenced but no full definition was found.");
            }
        }
        var ports = new HashSet<String>();
        for (var listener : given.path("listeners")) {
            buildListener(listener, ids, ports);
        }
    }

    private Map<String, Row> buildPools(List<JsonNode> definitions) {
        var byName = new HashMap<String, Row>();
        for (var pool : definitions) {
            var name = Json.text(pool, "name");
            if (name.isEmpty()) {
                throw ApiError.invalid("Pools must be named when creating a fully populated loadbalancer.");
            }
            for (var field : List.of("protocol", "lb_algorithm")) {
                if (!Json.has(pool, field)) {
                    throw ApiError.invalid("Pool definition for '" + name + "' missing required attribute: " + field);
                }
            }
            OctaviaAttributes.checkNew(Kind.POOL, pool);
            OctaviaRules.checkNestedPool(provider, pool, Json.text(pool, "protocol"));
            var row = add(Kind.POOL, "", pool);
            row.set("session_persistence", OctaviaRules.persistence(pool.path("session_persistence")));
            if (byName.put(name, row) != null) {
                throw ApiError.invalid("Pool names must be unique when creating a fully populated loadbalancer.");
            }
            buildMembers(pool, row);
            if (Json.has(pool, "healthmonitor")) {
                OctaviaRules.checkMonitor(provider, pool.get("healthmonitor"), row.text("protocol"));
                OctaviaRules.fillMonitor(add(Kind.HEALTH_MONITOR, row.id(), pool.get("healthmonitor")));
            }
        }
        return byName;
    }

    private void buildMembers(JsonNode pool, Row row) {
        var seen = new HashSet<String>();
        var vip = Json.text(loadBalancer, "vip_address");
        for (var member : pool.path("members")) {
            var address = Json.text(member, "address");
            OctaviaRules.checkMember(
                    provider, member, vip, vips.isInSubnet(Json.text(loadBalancer, "vip_subnet_id"), address));
            if (!seen.add(address + " " + Json.text(member, "protocol_port"))) {
                throw OctaviaMembers.duplicate(address, Json.text(member, "protocol_port"));
            }
            add(Kind.MEMBER, row.id(), member);
        }
    }

    private void buildListener(JsonNode listener, Map<String, Row> pools, Set<String> ports) {
        var protocol = Json.text(listener, "protocol");
        OctaviaRules.checkListener(provider, listener, protocol, Json.text(loadBalancer, "vip_address"));
        var transport = OctaviaRules.transport(protocol);
        if (!ports.add(transport + Json.text(listener, "protocol_port"))) {
            throw OctaviaChildren.duplicateListener(transport, Json.text(listener, "protocol_port"));
        }
        var row = add(Kind.LISTENER, "", listener);
        var pool = pools.get(Json.text(listener.path("default_pool"), "name"));
        if (pool != null) {
            OctaviaRules.checkProtocols(protocol, pool.text("protocol"));
            row.set("default_pool_id", pool.id());
        }
    }

    private Row add(Kind kind, String parentId, JsonNode given) {
        var row = OctaviaChildren.newRow(
                world, kind, Json.text(loadBalancer, "id"), parentId, Json.text(loadBalancer, "project_id"), given);
        rows.computeIfAbsent(kind, _ -> new ArrayList<>()).add(row);
        return row;
    }

    int count(Kind kind) {
        return rows.getOrDefault(kind, List.of()).size();
    }

    void storeIn(OctaviaState state) {
        rows.forEach((kind, list) -> list.forEach(state.table(kind)::add));
    }
}
