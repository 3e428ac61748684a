package io.ballast.testbed.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Octavia v2, API version 2.26: who may do what, and the shape of requests and replies. */
final class OctaviaModel {
    static final int MINOR_VERSIONS = 26;
    private static final List<String> EMPTY_COLLECTIONS =
            List.of("l7policies", "flavorprofiles", "availabilityzones", "availabilityzoneprofiles");

    private static final List<String> QUOTAS =
            List.of("load_balancer", "listener", "member", "pool", "health_monitor", "l7policy", "l7rule");
    private static final List<String> QUOTA_ALIASES = List.of("loadbalancer", "healthmonitor");

    /** The one flavor there is; what it means for an amphora is not modelled. */
    private static final ObjectNode FLAVOR = Json.object(
            "id",
            OctaviaAttributes.FLAVOR_ID,
            "name",
            "large",
            "description",
            "",
            "enabled",
            true,
            "flavor_profile_id",
            "0c6a7b52-1c52-4d0e-9a1f-6b0d8e3f5a22");

    private final World world;
    private final LaggingLists lists;
    final OctaviaState state = new OctaviaState();
    final OctaviaLoadBalancers loadBalancers;
    private final OctaviaChildren children;
    private final OctaviaMembers members;
    private final Provisioning provisioning;

    OctaviaModel(World world, NeutronModel neutron, String serviceProject, Provider standard, boolean activeStandby) {
        this.world = world;
        this.lists = new LaggingLists(
                List.of("loadbalancers", "listeners", "pools", "healthmonitors"),
                collection -> views(Kind.ofCollection(collection).orElseThrow()));
        var vips = new OctaviaVips(world, state, neutron, serviceProject, activeStandby);
        this.provisioning = new Provisioning(world, state, vips);
        this.loadBalancers = new OctaviaLoadBalancers(world, state, vips, provisioning, neutron, standard);
        this.children = new OctaviaChildren(world, state, provisioning, loadBalancers);
        this.members = new OctaviaMembers(world, state, vips, provisioning, loadBalancers);
    }

    /** The version list: no token needed. */
    ModelReply versions() {
        var links = List.of(Json.object("rel", "self", "href", world.endpoints.octavia() + "/v2"));
        var versions = new ArrayList<ObjectNode>();
        for (int minor = 0; minor <= world.octaviaMinor; minor++) {
            versions.add(Json.object(
                    "id",
                    "v2." + minor,
                    "status",
                    minor == world.octaviaMinor ? "CURRENT" : "SUPPORTED",
                    "updated",
                    "2023-01-01T00:00:00Z",
                    "links",
                    links));
        }
        return ModelReply.ok(Json.object("versions", versions));
    }

    private List<ObjectNode> views(Kind kind) {
        return state.table(kind).all().stream()
                .map(row -> state.view(kind, row))
                .toList();
    }

    /** What is PENDING for ever is in ERROR from now on. */
    void freeStuck() {
        provisioning.freeStuck();
    }

    void switched(Instant now) {
        provisioning.resume(now);
    }

    /** Remembers the state for lists that lag. */
    void remember(Instant now) {
        lists.remember(now, world.faults.listLag());
    }

    ModelReply handle(ModelRequest request, Caller caller) {
        if (world.octaviaMinor == MINOR_VERSIONS) {
            return answer(request, caller);
        }
        var older = new OlderOctavia(world.octaviaMinor);
        return older.shown(answer(older.understood(request), caller));
    }

    private ModelReply answer(ModelRequest request, Caller caller) {
        var segments = request.segments();
        if (!segments.getFirst().equals("v2") && !segments.getFirst().equals("v2.0")) {
            throw noSuchPath();
        }
        if (segments.size() == 1) {
            return versions();
        }
        var read = request.method().equals("GET");
        if (!(read ? caller.mayReadLoadBalancers() : caller.mayWriteLoadBalancers())) {
            throw forbidden();
        }
        if (segments.get(1).equals("octavia")) {
            return amphorae(request, segments, caller);
        }
        if (!segments.get(1).equals("lbaas") || segments.size() == 2) {
            throw noSuchPath();
        }
        var collection = segments.get(2);
        var rest = segments.subList(3, segments.size());
        if (collection.equals("quotas")) {
            return quotas(request, rest, caller);
        }
        if (collection.equals("providers") && rest.isEmpty()) {
            return providers();
        }
        if (collection.equals("flavors") && read && rest.isEmpty()) {
            return ModelReply.ok(
                    Listing.page(List.of(FLAVOR.deepCopy()), request, collection, world.endpoints.octavia()));
        }
        if (EMPTY_COLLECTIONS.contains(collection) && read && rest.isEmpty()) {
            var name = collection
                    .replace("zone", "_zone")
                    .replace("profile", "_profile")
                    .replace("flavor_", "flavor");
            return ModelReply.ok(Json.object(name, List.of(), name + "_links", List.of()));
        }
        var kind = Kind.ofCollection(collection)
                .filter(each -> each != Kind.MEMBER)
                .orElseThrow(OctaviaModel::noSuchPath);
        return rest.isEmpty() ? collection(request, kind, caller) : item(request, kind, rest, caller);
    }

    private ModelReply collection(ModelRequest request, Kind kind, Caller caller) {
        return switch (request.method()) {
            case "GET" -> list(request, kind, lists.views(kind.collection, world.now, world.faults.listLag()), caller);
            case "POST" ->
                kind == Kind.LOAD_BALANCER
                        ? loadBalancers.create(body(request, kind.singular), caller)
                        : children.create(kind, body(request, kind.singular), caller);
            case "PUT", "DELETE" -> throw ApiError.octavia(400, "Missing argument: \"id\"");
            default -> throw notAllowed();
        };
    }

    private ModelReply list(ModelRequest request, Kind kind, List<ObjectNode> views, Caller caller) {
        var visible = views.stream()
                .filter(doc -> caller.owns(Json.text(doc, "project_id")))
                .toList();
        var body = Listing.page(visible, request, kind.collection, world.endpoints.octavia());
        return ModelReply.ok(body).taking(world.timing.list(visible.size()));
    }

    private ModelReply item(ModelRequest request, Kind kind, List<String> rest, Caller caller) {
        var id = rest.getFirst();
        if (kind == Kind.POOL && rest.size() > 1 && !state.table(kind).has(id)) {
            throw ApiError.pecan(404, "Bad Request", "Pool " + id + " not found.");
        }
        var row = state.find(kind, id);
        if (!caller.owns(row.text("project_id"))) {
            throw forbidden();
        }
        world.concerned = row.loadBalancerId();
        if (rest.size() > 1) {
            return kind == Kind.POOL && rest.get(1).equals("members")
                    ? members(request, row, rest.subList(2, rest.size()), caller)
                    : nested(request, kind, row, rest.get(1), caller);
        }
        return switch (request.method()) {
            case "GET" -> one(request, kind, row);
            case "PUT" ->
                kind == Kind.LOAD_BALANCER
                        ? loadBalancers.update(row, body(request, kind.singular))
                        : children.update(kind, id, body(request, kind.singular), caller);
            case "DELETE" ->
                kind == Kind.LOAD_BALANCER
                        ? loadBalancers.delete(row, isTrue(request.parameter("cascade")))
                        : children.delete(kind, id, caller);
            default -> throw notAllowed();
        };
    }

    private ModelReply one(ModelRequest request, Kind kind, Row row) {
        var fields = request.query().getOrDefault("fields", List.of());
        return ModelReply.ok(Json.object(kind.singular, Listing.only(state.view(kind, row), fields)))
                .taking(world.timing.read());
    }

    private ModelReply nested(ModelRequest request, Kind kind, Row row, String what, Caller caller) {
        return switch (request.method() + " " + what) {
            case "GET status", "GET statuses" -> {
                requireLoadBalancer(kind);
                yield ModelReply.ok(state.statuses(row)).taking(world.timing.read());
            }
            case "GET stats" ->
                ModelReply.ok(Json.object(
                        "stats",
                        Json.object(
                                "active_connections", 0,
                                "bytes_in", 0,
                                "bytes_out", 0,
                                "request_errors", 0,
                                "total_connections", 0)));
            case "PUT failover" -> {
                requireLoadBalancer(kind);
                if (!caller.isAdmin()) {
                    throw forbidden();
                }
                yield loadBalancers.failover(row);
            }
            default -> throw noSuchPath();
        };
    }

    private static void requireLoadBalancer(Kind kind) {
        if (kind != Kind.LOAD_BALANCER) {
            throw noSuchPath();
        }
    }

    private ModelReply members(ModelRequest request, Row pool, List<String> rest, Caller caller) {
        if (!rest.isEmpty()) {
            return switch (request.method()) {
                case "GET" -> one(request, Kind.MEMBER, memberOf(pool, rest.getFirst()));
                case "PUT" -> members.update(pool, rest.getFirst(), body(request, "member"));
                case "DELETE" -> members.delete(pool, rest.getFirst());
                default -> throw notAllowed();
            };
        }
        return switch (request.method()) {
            case "GET" ->
                list(
                        request,
                        Kind.MEMBER,
                        state.membersOf(pool).stream()
                                .map(row -> state.view(Kind.MEMBER, row))
                                .toList(),
                        caller);
            case "POST" -> members.create(pool, body(request, "member"), caller);
            case "PUT" -> {
                var listed =
                        request.body() == null ? Json.object() : request.body().path("members");
                if (!listed.isArray()) {
                    throw ApiError.octavia(500, "'UnsetType' object is not iterable");
                }
                yield members.batch(pool, listed, isTrue(request.parameter("additive_only")), caller);
            }
            default -> throw notAllowed();
        };
    }

    private Row memberOf(Row pool, String id) {
        return state.table(Kind.MEMBER)
                .find(id)
                .filter(row -> row.parentId().equals(pool.id()))
                .orElseThrow(() -> ApiError.notFound(Kind.MEMBER.label, id));
    }

    private ModelReply amphorae(ModelRequest request, List<String> segments, Caller caller) {
        if (segments.size() < 3 || !segments.get(2).equals("amphorae")) {
            throw noSuchPath();
        }
        if (!caller.isAdmin()) {
            throw forbidden();
        }
        var docs =
                state.amphorae.all().stream().map(row -> row.doc().deepCopy()).toList();
        return ModelReply.ok(Listing.page(docs, request, "amphorae", world.endpoints.octavia()));
    }

    private ModelReply quotas(ModelRequest request, List<String> rest, Caller caller) {
        if (!caller.isAdmin()
                && !(rest.isEmpty() && request.method().equals("GET"))
                && (rest.isEmpty()
                        || rest.getFirst().equals("defaults")
                        || !caller.owns(rest.getFirst())
                        || !request.method().equals("GET"))) {
            throw forbidden();
        }
        if (request.method().equals("DELETE")) {
            QUOTAS.forEach(name -> world.change(faults -> faults.withQuota(name.replace("_", ""), -1)));
            return ModelReply.of(202, null);
        }
        if (request.method().equals("PUT")) {
            var wanted = body(request, "quota");
            for (var name : Json.fieldNames(wanted)) {
                if (!QUOTAS.contains(name) && !QUOTA_ALIASES.contains(name)) {
                    throw ApiError.octavia(400, "Unknown attribute for argument quotas.quota: " + name);
                }
                int limit = wanted.get(name).isNull() ? -1 : wanted.get(name).asInt();
                world.change(faults -> faults.withQuota(name.replace("_", ""), limit));
            }
        }
        var quota = Json.object();
        for (var name : QUOTAS) {
            quota.put(name, world.faults.quota(name.replace("_", "")));
        }
        if (rest.isEmpty()) {
            return ModelReply.ok(Json.object("quotas", List.of(quota), "quotas_links", List.of()));
        }
        return ModelReply.of(request.method().equals("PUT") ? 202 : 200, Json.object("quota", quota));
    }

    private static ModelReply providers() {
        var all = List.of(
                Json.object("name", "amphora", "description", "Octavia amphora driver"),
                Json.object("name", "octavia", "description", "Deprecated alias of amphora"),
                Json.object("name", "ovn", "description", "Octavia OVN driver"));
        return ModelReply.ok(Json.object("providers", all, "providers_links", List.of()));
    }

    private static boolean isTrue(Optional<String> value) {
        return value.filter(text -> text.equalsIgnoreCase("true") || text.equals("1") || text.equalsIgnoreCase("yes"))
                .isPresent();
    }

    private static JsonNode body(ModelRequest request, String name) {
        var body = request.body();
        if (body == null || !body.has(name)) {
            throw ApiError.octavia(500, "'UnsetType' object has no attribute 'project_id'");
        }
        if (!body.path(name).isObject()) {
            throw OctaviaAttributes.badValue(name, "None", "Mandatory field missing.");
        }
        return body.get(name);
    }

    static ApiError forbidden() {
        return ApiError.octavia(403, "Policy does not allow this request to be performed.");
    }

    private static ApiError noSuchPath() {
        return ApiError.pecan(404, "Not Found", "");
    }

    private static ApiError notAllowed() {
        return ApiError.pecan(405, "Method Not Allowed", "");
    }
}
