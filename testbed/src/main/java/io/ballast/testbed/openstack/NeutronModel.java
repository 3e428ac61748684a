package io.ballast.testbed.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Neutron v2.0: who may do what to which resource, and the shape of requests and replies. */
final class NeutronModel {
    private static final List<String> EXTENSIONS = List.of(
            "address-scope",
            "allowed-address-pairs",
            "external-net",
            "ext-gw-mode",
            "extra_dhcp_opt",
            "extraroute",
            "filter-validation",
            "fip-port-details",
            "ip-substring-filtering",
            "net-mtu",
            "pagination",
            "port-security",
            "project-id",
            "provider",
            "quota_details",
            "quotas",
            "revision-if-match",
            "router",
            "security-group",
            "service-type",
            "sorting",
            "standard-attr-description",
            "standard-attr-revisions",
            "standard-attr-tag",
            "standard-attr-timestamp",
            "subnet-service-types",
            "tag-ports-during-bulk-creation");
    private static final Map<String, String> QUOTAS = new TreeMap<>(Map.of(
            "network",
            "networks",
            "subnet",
            "subnets",
            "port",
            "ports",
            "router",
            "routers",
            "floatingip",
            "floatingips",
            "security_group",
            "security-groups",
            "security_group_rule",
            "security-group-rules"));

    private final World world;
    private final LaggingLists lists;
    final NeutronState state;
    final NeutronPorts ports;
    final NeutronNetworks networks;
    final NeutronSecurityGroups securityGroups;
    private final NeutronFloatingIps floatingIps;

    NeutronModel(World world) {
        this.world = world;
        this.state = new NeutronState(world);
        this.lists = new LaggingLists(List.of("ports", "floatingips"), this::views);
        this.ports = new NeutronPorts(state);
        this.networks = new NeutronNetworks(state, ports);
        this.securityGroups = new NeutronSecurityGroups(state);
        this.floatingIps = new NeutronFloatingIps(state, ports);
    }

    /** Remembers the state for lists that lag. */
    void remember(Instant now) {
        lists.remember(now, world.faults.listLag());
    }

    private List<ObjectNode> views(String collection) {
        return state.table(collection).orElseThrow().all().stream()
                .map(row -> state.view(collection, row))
                .toList();
    }

    ModelReply versions() {
        var links = List.of(Json.object("rel", "self", "href", world.endpoints.neutron() + "/v2.0/"));
        return ModelReply.ok(
                Json.object("versions", List.of(Json.object("id", "v2.0", "status", "CURRENT", "links", links))));
    }

    ModelReply handle(ModelRequest request, Caller caller) {
        var segments = request.segments();
        if (!segments.getFirst().equals("v2.0")) {
            throw noSuchPath();
        }
        if (segments.size() == 1) {
            return ModelReply.ok(Json.object("resources", List.of()));
        }
        var collection = segments.get(1);
        var rest = segments.subList(2, segments.size());
        return switch (collection) {
            case "extensions" -> extensions(rest);
            case "quotas" -> quotas(request, rest, caller);
            default -> {
                if (state.table(collection).isEmpty()) {
                    yield unsupported(request, collection);
                }
                yield resource(request, collection, rest, caller);
            }
        };
    }

    private ModelReply resource(ModelRequest request, String collection, List<String> rest, Caller caller) {
        var read = request.method().equals("GET");
        if (!read && !caller.mayWriteNetworks()) {
            throw forbidden(request, collection);
        }
        if (rest.isEmpty()) {
            return switch (request.method()) {
                case "GET" -> list(request, collection, caller);
                case "POST" -> create(request, collection, caller);
                default -> throw noSuchPath();
            };
        }
        var row = state.visible(collection, rest.getFirst(), caller);
        if (read && rest.size() == 1) {
            var fields = request.query().getOrDefault("fields", List.of());
            return one(200, collection, row, fields).taking(world.timing.read());
        }
        if (!read && !caller.owns(row.text("project_id"))) {
            throw forbidden(request, collection);
        }
        request.header("if-match").ifPresent(match -> checkRevision(row, match));
        if (rest.size() > 1) {
            return nested(request, row, rest);
        }
        return switch (request.method()) {
            case "PUT" -> update(request, collection, row, caller);
            case "DELETE" -> delete(collection, row);
            default -> throw noSuchPath();
        };
    }

    private ModelReply list(ModelRequest request, String collection, Caller caller) {
        var visible = lists.views(collection, world.now, world.faults.listLag()).stream()
                .filter(doc -> state.isVisible(collection, Row.of(doc), caller))
                .toList();
        var body = Listing.page(visible, request, collection.replace('-', '_'), world.endpoints.neutron());
        return ModelReply.ok(body).taking(world.timing.list(visible.size()));
    }

    private ModelReply create(ModelRequest request, String collection, Caller caller) {
        var given = body(request, NeutronState.singular(collection));
        var projectId = Json.has(given, "project_id") ? Json.text(given, "project_id") : caller.projectId();
        if (!caller.owns(projectId)) {
            throw ApiError.neutron(
                    400,
                    "HTTPBadRequest",
                    "Specifying 'project_id' or 'tenant_id' other than the authenticated project in request requires admin or advsvc privileges");
        }
        checkQuota(collection, projectId);
        var row =
                switch (collection) {
                    case "networks" -> networks.createNetwork(given, projectId);
                    case "subnets" -> networks.createSubnet(given, projectId);
                    case "routers" -> networks.createRouter(given, projectId);
                    case "security-groups" -> securityGroups.create(given, projectId);
                    case "security-group-rules" -> securityGroups.createRule(given, projectId);
                    case "floatingips" -> floatingIps.create(given, caller);
                    default -> createPort(given, projectId, caller);
                };
        return one(201, collection, row, List.of()).taking(writeTime(collection));
    }

    private Row createPort(JsonNode given, String projectId, Caller caller) {
        var network = state.visible("networks", Json.text(given, "network_id"), caller);
        if (!caller.owns(network.text("project_id"))
                && !network.doc().path("shared").asBoolean()) {
            throw ApiError.neutron(
                    403, "HTTPForbidden", "Tenant " + projectId + " not allowed to create port on this network");
        }
        return ports.create(projectId, ports.checked(given, false));
    }

    private ModelReply update(ModelRequest request, String collection, Row row, Caller caller) {
        var given = body(request, NeutronState.singular(collection));
        switch (collection) {
            case "ports" -> ports.update(row, given);
            case "floatingips" -> floatingIps.update(row, given, caller);
            case "routers" -> networks.updateRouter(row, given);
            case "subnets" -> networks.updateSubnet(row, given);
            case "networks" -> {
                if (Json.has(given, "router:external") && !caller.isAdmin()) {
                    throw ApiError.neutron(
                            403, "PolicyNotAuthorized", "rule:update_network:router:external is disallowed by policy");
                }
                Json.copy(
                        given,
                        row.doc(),
                        List.of("name", "description", "admin_state_up", "shared", "router:external"));
                state.touch(row);
            }
            default -> {
                Json.copy(given, row.doc(), List.of("name", "description", "admin_state_up"));
                state.touch(row);
            }
        }
        return one(200, collection, row, List.of()).taking(writeTime(collection));
    }

    private ModelReply delete(String collection, Row row) {
        if (collection.equals("floatingips")) {
            floatingIps.delete(row);
        } else if (collection.equals("security-group-rules")) {
            securityGroups.deleteRule(row);
        } else {
            networks.delete(collection, row);
        }
        return ModelReply.noContent().taking(writeTime(collection));
    }

    private ModelReply nested(ModelRequest request, Row row, List<String> rest) {
        var given = request.body() == null ? Json.object() : request.body();
        return switch (rest.get(1)) {
            case "tags" -> tags(request, row, rest);
            case "add_router_interface" -> networks.addInterface(row, given).taking(world.timing.neutronWrite());
            case "remove_router_interface" ->
                networks.removeInterface(row, given).taking(world.timing.neutronWrite());
            case "port_forwardings" -> ModelReply.ok(Json.object("port_forwardings", List.of()));
            default -> throw noSuchPath();
        };
    }

    private ModelReply tags(ModelRequest request, Row row, List<String> rest) {
        var tags = new LinkedHashSet<>(Json.texts(row.doc().path("tags")));
        var tag = rest.size() > 2 ? rest.get(2) : "";
        switch (request.method() + (tag.isEmpty() ? "" : " one")) {
            case "GET" -> {
                return ModelReply.ok(Json.object("tags", tags));
            }
            case "GET one" -> {
                if (tags.contains(tag)) {
                    return ModelReply.noContent();
                }
                throw ApiError.neutron(404, "TagNotFound", "Tag " + tag + " could not be found.");
            }
            case "PUT one" -> tags.add(tag);
            case "PUT" -> {
                tags.clear();
                tags.addAll(Json.texts(
                        request.body() == null
                                ? Json.array(List.of())
                                : request.body().path("tags")));
            }
            case "DELETE one" -> {
                if (!tags.remove(tag)) {
                    throw ApiError.neutron(404, "TagNotFound", "Tag " + tag + " could not be found.");
                }
            }
            case "DELETE" -> tags.clear();
            default -> throw noSuchPath();
        }
        row.set("tags", tags);
        state.touch(row);
        return switch (request.method() + (tag.isEmpty() ? "" : " one")) {
            case "PUT" -> ModelReply.ok(Json.object("tags", tags)).taking(world.timing.read());
            case "PUT one" -> ModelReply.of(201, null).taking(world.timing.read());
            default -> ModelReply.noContent().taking(world.timing.read());
        };
    }

    private ModelReply extensions(List<String> rest) {
        var all = Stream.concat(EXTENSIONS.stream(), world.loadBalancing.extensions().stream())
                .map(alias -> Json.object(
                        "alias",
                        alias,
                        "name",
                        alias,
                        "description",
                        "",
                        "updated",
                        "2020-01-01T00:00:00-00:00",
                        "links",
                        List.of()))
                .toList();
        if (rest.isEmpty()) {
            return ModelReply.ok(Json.object("extensions", all));
        }
        return all.stream()
                .filter(each -> Json.text(each, "alias").equals(rest.getFirst()))
                .findFirst()
                .map(each -> ModelReply.ok(Json.object("extension", each)))
                .orElseThrow(() -> ApiError.noExtension(rest.getFirst()));
    }

    private ModelReply quotas(ModelRequest request, List<String> rest, Caller caller) {
        if (rest.equals(List.of("project"))) {
            return ModelReply.ok(Json.object("project", Json.object("project_id", caller.projectId())));
        }
        boolean isChange = request.method().equals("PUT") && caller.isAdmin();
        if (rest.isEmpty()
                || !caller.owns(rest.getFirst())
                || (!request.method().equals("GET") && !isChange)) {
            throw forbidden(request, "quotas");
        }
        if (isChange) {
            var wanted = body(request, "quota");
            for (var name : Json.fieldNames(wanted)) {
                world.change(faults -> faults.withQuota(name, wanted.get(name).asInt()));
            }
        }
        var quota = Json.object();
        QUOTAS.forEach((name, collection) -> {
            int limit = world.faults.quota(name);
            if (rest.size() > 1) {
                quota.set(name, Json.object("limit", limit, "used", used(collection, rest.getFirst()), "reserved", 0));
            } else {
                quota.put(name, limit);
            }
        });
        return ModelReply.ok(Json.object("quota", quota));
    }

    private void checkQuota(String collection, String projectId) {
        var name = NeutronState.singular(collection);
        int limit = world.faults.quota(name);
        if (limit >= 0 && used(collection, projectId) >= limit) {
            throw ApiError.neutron(409, "OverQuota", "Quota exceeded for resources: ['" + name + "'].");
        }
    }

    private int used(String collection, String projectId) {
        return state.table(collection)
                .orElseThrow()
                .where(row -> row.text("project_id").equals(projectId))
                .size();
    }

    private static void checkRevision(Row row, String match) {
        var found = row.doc().path("revision_number").asText();
        if (!match.equals("revision_number=" + found)) {
            throw ApiError.neutron(
                    412,
                    "RevisionNumberConstraintFailed",
                    "Constrained to " + match.replace("revision_number=", "") + ", but current revision is " + found);
        }
    }

    private ModelReply one(int status, String collection, Row row, List<String> fields) {
        ObjectNode doc = Listing.only(state.view(collection, row), fields);
        return ModelReply.of(status, Json.object(NeutronState.singular(collection), doc));
    }

    private Duration writeTime(String collection) {
        return collection.equals("floatingips") ? world.timing.floatingIpWrite() : world.timing.neutronWrite();
    }

    private static JsonNode body(ModelRequest request, String name) {
        var body = request.body();
        if (body == null || !body.path(name).isObject()) {
            throw ApiError.neutron(400, "HTTPBadRequest", "Unable to find '" + name + "' in request body");
        }
        return body.get(name);
    }

    private static ModelReply unsupported(ModelRequest request, String collection) {
        if (request.method().equals("GET") && NeutronState.ALWAYS_EMPTY.contains(collection)) {
            return ModelReply.ok(Json.object(collection.replace('-', '_'), new ArrayList<>()));
        }
        throw noSuchPath();
    }

    private static ApiError forbidden(ModelRequest request, String collection) {
        var verb =
                switch (request.method()) {
                    case "POST" -> "create";
                    case "PUT" -> "update";
                    case "DELETE" -> "delete";
                    default -> "get";
                };
        return ApiError.neutron(
                403,
                "PolicyNotAuthorized",
                "rule:" + verb + "_" + NeutronState.singular(collection) + " is disallowed by policy");
    }

    private static ApiError noSuchPath() {
        return ApiError.neutron(404, "HTTPNotFound", "The resource could not be found.");
    }
}
