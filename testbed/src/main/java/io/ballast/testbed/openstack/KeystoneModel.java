package io.ballast.testbed.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Keystone v3: passwords, application credentials, tokens that expire, the catalogue. One domain, {@code Default}. */
final class KeystoneModel {
    private static final ObjectNode DOMAIN = Json.object("id", "default", "name", "Default");

    record Project(String id, String name) {}

    record User(String id, String name, String password) {}

    private record Token(
            User user,
            Project project,
            List<String> roles,
            List<String> methods,
            String credentialId,
            Instant issuedAt,
            Instant expiresAt) {}

    private final World world;
    private final List<Project> projects = new ArrayList<>();
    private final List<User> users = new ArrayList<>();
    final KeystoneCredentials credentials;
    private final Map<String, List<String>> rolesByUserAndProject = new LinkedHashMap<>();
    private final Map<String, String> roleIds = new LinkedHashMap<>();
    private final KeystoneCatalog catalog;
    private final Map<String, Token> tokens = new LinkedHashMap<>();

    KeystoneModel(World world) {
        this.world = world;
        this.credentials = new KeystoneCredentials(world);
        this.catalog = new KeystoneCatalog(world);
    }

    Project addProject(String name) {
        var project = new Project(world.ids.nextHex(), name);
        projects.add(project);
        return project;
    }

    User addUser(String name, String password) {
        var user = new User(world.ids.nextHex(), name, password);
        users.add(user);
        return user;
    }

    void grant(User user, Project project, List<String> roles) {
        rolesByUserAndProject.put(user.id() + "/" + project.id(), List.copyOf(roles));
        roles.forEach(role -> roleIds.computeIfAbsent(role, _ -> world.ids.nextHex()));
    }

    String projectId(String name) {
        return project(each -> each.name().equals(name)).orElseThrow().id();
    }

    /** Whom a token stands for; empty for none, an unknown or an expired one. */
    Optional<Caller> caller(String token) {
        return Optional.ofNullable(tokens.get(token))
                .filter(found -> found.expiresAt().isAfter(world.now))
                .filter(found -> found.credentialId().isEmpty() || credentials.has(found.credentialId()))
                .map(found -> new Caller(found.user().id(), found.project().id(), new TreeSet<>(found.roles())));
    }

    ModelReply handle(ModelRequest request) {
        var segments = request.segments();
        if (segments.isEmpty()) {
            return ModelReply.of(300, Json.object("versions", Json.object("values", List.of(version()))));
        }
        if (!segments.getFirst().equals("v3")) {
            throw missing(request);
        }
        if (segments.size() == 1) {
            return ModelReply.ok(Json.object("version", version()));
        }
        var path = request.method() + " " + String.join("/", segments.subList(1, segments.size()));
        if (path.equals("POST auth/tokens")) {
            return issue(request);
        }
        var caller = request.header("x-auth-token")
                .flatMap(this::caller)
                .orElseThrow(() -> ApiError.unauthorized(world.endpoints.keystone()));
        if (request.segments().size() > 3 && request.segments().get(3).equals("application_credentials")) {
            return applicationCredentials(request);
        }
        return switch (path) {
            case "GET auth/tokens", "HEAD auth/tokens" -> show(request);
            case "DELETE auth/tokens" -> revoke(request);
            case "GET auth/catalog" -> ModelReply.ok(Json.object("catalog", catalog.entries(), "links", Json.object()));
            case "GET auth/projects" -> page(request, "projects", projectDocs(caller));
            case "GET projects" -> page(request, "projects", projectDocs(administrator(caller, "list_projects")));
            case "GET domains", "GET auth/domains" -> page(request, "domains", List.of(DOMAIN.deepCopy()));
            case "GET users" ->
                page(request, "users", users.stream().map(this::userDoc).toList());
            case "GET services" -> page(request, "services", catalog.services());
            case "GET regions" ->
                page(request, "regions", List.of(Json.object("id", KeystoneCatalog.REGION, "description", "")));
            default -> showOne(request, caller);
        };
    }

    private ModelReply applicationCredentials(ModelRequest request) {
        var token = tokens.get(request.header("x-auth-token").orElse(""));
        if (token == null || !token.user().id().equals(request.segments().get(2))) {
            throw ApiError.keystone(403, "Forbidden", "You are not authorized to perform the requested action.");
        }
        return credentials.handle(request, token.user(), token.project(), token.methods());
    }

    private static Caller administrator(Caller caller, String action) {
        if (!caller.isAdmin()) {
            throw ApiError.keystone(
                    403,
                    "Forbidden",
                    "You are not authorized to perform the requested action: identity:" + action + ".");
        }
        return caller;
    }

    private ModelReply showOne(ModelRequest request, Caller caller) {
        var segments = request.segments();
        if (request.method().equals("GET") && segments.size() == 3) {
            var candidates =
                    switch (segments.get(1)) {
                        case "projects" -> projectDocs(caller);
                        case "users" -> users.stream().map(this::userDoc).toList();
                        case "domains" -> List.of(DOMAIN.deepCopy());
                        case "services" -> catalog.services();
                        default -> throw missing(request);
                    };
            var singular = segments.get(1).substring(0, segments.get(1).length() - 1);
            for (var each : candidates) {
                if (Json.text(each, "id").equals(segments.get(2))) {
                    return ModelReply.ok(Json.object(singular, each));
                }
            }
            throw ApiError.keystone(404, "Not Found", "Could not find " + singular + ": " + segments.get(2) + ".");
        }
        throw missing(request);
    }

    private ModelReply issue(ModelRequest request) {
        var auth = request.body() == null
                ? Json.object().path("auth")
                : request.body().path("auth");
        var methods = Json.texts(auth.at("/identity/methods"));
        if (methods.size() != 1) {
            throw ApiError.keystone(400, "Bad Request", "identity.methods must name one method, not " + methods);
        }
        var method = methods.getFirst();
        return switch (method) {
            case "password" -> {
                var user = authenticated(auth.at("/identity/password/user"));
                yield issued(user, scope(auth.path("scope"), user), methods, "");
            }
            case "application_credential" -> {
                var credential = credentials.shown(auth.at("/identity/application_credential"));
                if (auth.has("scope")) {
                    throw ApiError.keystone(
                            401,
                            "Unauthorized",
                            "Error authenticating with application credential: Application credentials cannot request a scope.");
                }
                yield issued(credential.user(), credential.project(), methods, credential.id());
            }
            case "token" -> {
                var old = tokens.get(Json.text(auth.at("/identity/token"), "id"));
                if (old == null || !old.expiresAt().isAfter(world.now)) {
                    throw refused();
                }
                var all = new ArrayList<>(methods);
                old.methods().stream().filter(each -> !each.equals(method)).forEach(all::add);
                yield issued(old.user(), scope(auth.path("scope"), old.user()), all, old.credentialId());
            }
            default ->
                throw ApiError.keystone(
                        400,
                        "Bad Request",
                        "Expecting to find " + method
                                + " in identity. The server could not comply with the request since it is either malformed or"
                                + " otherwise incorrect. The client is assumed to be in error.");
        };
    }

    private User authenticated(JsonNode given) {
        return users.stream()
                .filter(user -> isUser(given, user))
                .filter(user -> user.password().equals(Json.text(given, "password")))
                .findFirst()
                .orElseThrow(KeystoneModel::refused);
    }

    static boolean isUser(JsonNode given, User user) {
        return Json.has(given, "id")
                ? Json.text(given, "id").equals(user.id())
                : Json.text(given, "name").equals(user.name()) && isDefault(given.path("domain"));
    }

    private static boolean isDefault(JsonNode domain) {
        return Json.text(domain, "id").equals("default")
                || Json.text(domain, "name").equals("Default");
    }

    private Project scope(JsonNode scope, User user) {
        var given = scope.path("project");
        if (given.isMissingNode()) {
            return project(each -> rolesByUserAndProject.containsKey(user.id() + "/" + each.id()))
                    .orElseThrow(KeystoneModel::refused);
        }
        return project(each -> Json.has(given, "id")
                        ? Json.text(given, "id").equals(each.id())
                        : Json.text(given, "name").equals(each.name()) && isDefault(given.path("domain")))
                .filter(each -> rolesByUserAndProject.containsKey(user.id() + "/" + each.id()))
                .orElseThrow(KeystoneModel::refused);
    }

    private ModelReply issued(User user, Project project, List<String> methods, String credentialId) {
        var roles = rolesByUserAndProject.getOrDefault(user.id() + "/" + project.id(), List.of());
        var issuedAt = world.now.truncatedTo(ChronoUnit.SECONDS);
        var token = new Token(
                user, project, roles, methods, credentialId, issuedAt, world.now.plus(world.faults.tokenLifetime()));
        tokens.values().removeIf(old -> !old.expiresAt().isAfter(world.now));
        var id = "gAAAA" + world.ids.nextHex() + world.ids.nextHex();
        tokens.put(id, token);
        return ModelReply.of(201, Json.object("token", tokenDoc(token)))
                .withHeader("X-Subject-Token", id)
                .taking(world.timing.passwordToken());
    }

    private ModelReply show(ModelRequest request) {
        var id = request.header("x-subject-token").orElse("");
        var token = tokens.get(id);
        if (token == null || !token.expiresAt().isAfter(world.now)) {
            throw ApiError.keystone(
                    404,
                    "Not Found",
                    id.startsWith("gAAAA") ? "Failed to validate token" : "Could not recognize Fernet token");
        }
        return ModelReply.ok(Json.object("token", tokenDoc(token))).withHeader("X-Subject-Token", id);
    }

    private ModelReply revoke(ModelRequest request) {
        tokens.remove(request.header("x-subject-token").orElse(""));
        return ModelReply.noContent();
    }

    private ObjectNode tokenDoc(Token token) {
        return Json.object(
                "methods", token.methods(),
                "user",
                        Json.object(
                                "id",
                                token.user().id(),
                                "name",
                                token.user().name(),
                                "domain",
                                DOMAIN,
                                "password_expires_at",
                                null),
                "audit_ids", List.of("ballast"),
                "expires_at", stamp(token.expiresAt()),
                "issued_at", stamp(token.issuedAt()),
                "project",
                        Json.object(
                                "id", token.project().id(),
                                "name", token.project().name(),
                                "domain", DOMAIN),
                "is_domain", false,
                "roles",
                        token.roles().stream()
                                .map(role -> Json.object("id", roleIds.get(role), "name", role))
                                .toList(),
                "catalog", catalog.entries());
    }

    private static String stamp(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString().replace("Z", ".000000Z");
    }

    private List<ObjectNode> projectDocs(Caller caller) {
        return projects.stream()
                .filter(each -> caller.owns(each.id()))
                .map(each -> Json.object(
                        "id",
                        each.id(),
                        "name",
                        each.name(),
                        "domain_id",
                        "default",
                        "parent_id",
                        "default",
                        "is_domain",
                        false,
                        "description",
                        "",
                        "enabled",
                        true,
                        "tags",
                        List.of(),
                        "options",
                        Json.object(),
                        "links",
                        Json.object("self", world.endpoints.keystone() + "/v3/projects/" + each.id())))
                .toList();
    }

    private ObjectNode userDoc(User user) {
        return Json.object(
                "id",
                user.id(),
                "name",
                user.name(),
                "domain_id",
                "default",
                "enabled",
                true,
                "options",
                Json.object());
    }

    private ModelReply page(ModelRequest request, String collection, List<ObjectNode> docs) {
        var name = request.parameter("name");
        var kept = docs.stream()
                .filter(each -> name.isEmpty() || Json.text(each, "name").equals(name.get()))
                .toList();
        var links = Json.object("next", null, "self", world.endpoints.keystone() + request.path(), "previous", null);
        return ModelReply.ok(Json.object(collection, kept, "links", links));
    }

    private Optional<Project> project(Predicate<Project> test) {
        return projects.stream().filter(test).findFirst();
    }

    private ObjectNode version() {
        return Json.object(
                "id", "v3.14",
                "status", "stable",
                "updated", "2020-04-07T00:00:00Z",
                "links", List.of(Json.object("rel", "self", "href", world.endpoints.keystone() + "/v3/")),
                "media-types",
                        List.of(Json.object(
                                "base", "application/json",
                                "type", "application/vnd.openstack.identity-v3+json")));
    }

    static ApiError refused() {
        return ApiError.keystone(401, "Unauthorized", "The request you have made requires authentication.");
    }

    private static ApiError missing(ModelRequest request) {
        return ApiError.keystone(404, "Not Found", "(" + request.path() + "): The resource could not be found.");
    }
}
