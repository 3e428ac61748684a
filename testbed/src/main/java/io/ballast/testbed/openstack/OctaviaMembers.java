package io.ballast.testbed.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Members, one by one and as a batch. Octavia matches members by the text of address and port, and
 * its database takes letters of either case as one: {@code 2001:db8::1} and {@code 2001:db8:0::1} are two members, {@code 2001:DB8::1}
 * is neither the first nor allowed beside it.
 */
final class OctaviaMembers {
    private final World world;
    private final OctaviaState state;
    private final OctaviaVips vips;
    private final Provisioning provisioning;
    private final OctaviaLoadBalancers loadBalancers;

    OctaviaMembers(
            World world,
            OctaviaState state,
            OctaviaVips vips,
            Provisioning provisioning,
            OctaviaLoadBalancers loadBalancers) {
        this.world = world;
        this.state = state;
        this.vips = vips;
        this.provisioning = provisioning;
        this.loadBalancers = loadBalancers;
    }

    ModelReply create(Row pool, JsonNode given, Caller caller) {
        OctaviaAttributes.checkNew(Kind.MEMBER, given);
        var loadBalancer = state.loadBalancerOf(pool);
        var provider = state.provider(loadBalancer);
        checkSubnet(given, caller);
        check(loadBalancer, given);
        loadBalancers.requireQuota(Kind.MEMBER, loadBalancer.text("project_id"), 1);
        requireMutable(pool, loadBalancer);
        if (isTaken(byKey(pool), given)) {
            throw duplicate(Json.text(given, "address"), Json.text(given, "protocol_port"));
        }
        var row = newMember(pool, loadBalancer, given);
        state.table(Kind.MEMBER).add(row);
        var cost = world.timing.writeMember(provider, state.membersOf(pool).size());
        provisioning.update(loadBalancer, cost, List.of(row), affected(pool), List.of());
        return ModelReply.of(201, Json.object("member", state.view(Kind.MEMBER, row)))
                .taking(cost.reply());
    }

    ModelReply update(Row pool, String id, JsonNode given) {
        var row = member(pool, id);
        OctaviaAttributes.checkChange(Kind.MEMBER, given);
        var loadBalancer = state.loadBalancerOf(pool);
        var provider = state.provider(loadBalancer);
        if (provider == Provider.OVN && (Json.has(given, "monitor_address") || Json.has(given, "monitor_port"))) {
            throw OctaviaRules.unsupported(provider, "OVN provider does not support monitor options");
        }
        requireMutable(pool, loadBalancer);
        OctaviaAttributes.change(Kind.MEMBER, given, row.doc());
        var cost = world.timing.writeMember(provider, state.membersOf(pool).size());
        var changed = affected(pool);
        changed.add(row);
        provisioning.update(loadBalancer, cost, List.of(), changed, List.of());
        return ModelReply.ok(Json.object("member", state.view(Kind.MEMBER, row)))
                .taking(cost.reply());
    }

    ModelReply delete(Row pool, String id) {
        var row = member(pool, id);
        var loadBalancer = state.loadBalancerOf(pool);
        requireMutable(pool, loadBalancer);
        var cost = world.timing.writeMember(
                state.provider(loadBalancer), state.membersOf(pool).size());
        provisioning.update(loadBalancer, cost, List.of(), affected(pool), List.of(row));
        return ModelReply.noContent().taking(cost.reply());
    }

    /** Makes the pool's members those of the list; with {@code additiveOnly} those not listed stay untouched. */
    ModelReply batch(Row pool, JsonNode listed, boolean additiveOnly, Caller caller) {
        var loadBalancer = state.loadBalancerOf(pool);
        for (var each : listed) {
            OctaviaAttributes.checkNew(Kind.MEMBER, each);
            checkSubnet(each, caller);
        }
        requireMutable(pool, loadBalancer);
        var old = byKey(pool);
        var keys = new HashSet<String>();
        var unique = new HashSet<String>();
        var fresh = new ArrayList<Row>();
        var updates = new LinkedHashMap<Row, JsonNode>();
        for (var each : listed) {
            check(loadBalancer, each);
            var existing = old.get(key(each));
            keys.add(key(each));
            if (!unique.add(key(each).toLowerCase(Locale.ROOT)) || (existing == null && isTaken(old, each))) {
                throw duplicate(Json.text(each, "address"), Json.text(each, "protocol_port"));
            }
            if (existing == null) {
                fresh.add(newMember(pool, loadBalancer, each));
            } else {
                updates.put(existing, each);
            }
        }
        var doomed = new ArrayList<Row>();
        if (!additiveOnly) {
            old.forEach((key, row) -> {
                if (!keys.contains(key)) {
                    doomed.add(row);
                }
            });
        }
        loadBalancers.requireQuota(Kind.MEMBER, loadBalancer.text("project_id"), fresh.size() - doomed.size());
        updates.forEach(this::applyBatch);
        fresh.forEach(state.table(Kind.MEMBER)::add);
        var changed = affected(pool);
        changed.addAll(updates.keySet());
        var cost = world.timing.batchMembers(state.provider(loadBalancer), old.size() + fresh.size());
        provisioning.update(loadBalancer, cost, fresh, changed, doomed);
        return ModelReply.of(202, null).taking(cost.reply());
    }

    /** In a batch, what is not given goes back to its default, name and subnet excepted. */
    private void applyBatch(Row row, JsonNode given) {
        var full = Json.object("weight", 1, "backup", false, "admin_state_up", true);
        Json.copy(given, full, Json.fieldNames(given));
        OctaviaAttributes.change(Kind.MEMBER, full, row.doc());
    }

    private Row newMember(Row pool, Row loadBalancer, JsonNode given) {
        return OctaviaChildren.newRow(
                world, Kind.MEMBER, loadBalancer.id(), pool.id(), loadBalancer.text("project_id"), given);
    }

    private void check(Row loadBalancer, JsonNode given) {
        OctaviaRules.checkMember(
                state.provider(loadBalancer),
                given,
                loadBalancer.text("vip_address"),
                vips.isInSubnet(loadBalancer.text("vip_subnet_id"), Json.text(given, "address")));
    }

    private void checkSubnet(JsonNode given, Caller caller) {
        if (Json.has(given, "subnet_id")) {
            vips.subnet(Json.text(given, "subnet_id"), caller);
        }
    }

    private Row member(Row pool, String id) {
        var row = state.find(Kind.MEMBER, id);
        if (!row.parentId().equals(pool.id())) {
            throw ApiError.notFound(Kind.MEMBER.label, id);
        }
        return row;
    }

    private static void requireMutable(Row pool, Row loadBalancer) {
        Provisioning.requireMutable(loadBalancer);
        if (!pool.status().equals(Provisioning.ACTIVE)) {
            throw Provisioning.immutable(Kind.POOL, pool.id());
        }
    }

    private List<Row> affected(Row pool) {
        var rows = new ArrayList<>(state.listenersUsing(pool));
        rows.add(pool);
        return rows;
    }

    private Map<String, Row> byKey(Row pool) {
        var found = new LinkedHashMap<String, Row>();
        state.membersOf(pool).forEach(row -> found.put(key(row.doc()), row));
        return found;
    }

    private static boolean isTaken(Map<String, Row> old, JsonNode given) {
        return old.keySet().stream().anyMatch(each -> each.equalsIgnoreCase(key(given)));
    }

    private static String key(JsonNode member) {
        return Json.text(member, "address") + " " + Json.text(member, "protocol_port");
    }

    static ApiError duplicate(String address, String port) {
        return ApiError.octavia(
                409, "Another member on this pool is already using ip " + address + " on protocol_port " + port);
    }
}
