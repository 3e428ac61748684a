package io.ballast.testbed.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ballast.testbed.openstack.KeystoneModel.Project;
import io.ballast.testbed.openstack.KeystoneModel.User;
import java.util.ArrayList;
import java.util.List;

/** Application credentials: made by their user, restricted, unknown after they were deleted. Source: Identity API v3. */
final class KeystoneCredentials {
    record Credential(String id, String name, String secret, User user, Project project) {}

    private final World world;
    private final List<Credential> credentials = new ArrayList<>();

    KeystoneCredentials(World world) {
        this.world = world;
    }

    Credential add(String name, String secret, User user, Project project) {
        var credential = new Credential(world.ids.nextHex(), name, secret, user, project);
        credentials.add(credential);
        return credential;
    }

    boolean has(String id) {
        return credentials.stream().anyMatch(each -> each.id().equals(id));
    }

    /** The credential that somebody shows, by id, or by name and user; 404 for none like that, 401 for a wrong secret. */
    Credential shown(JsonNode given) {
        var byId = Json.has(given, "id");
        var word = Json.text(given, byId ? "id" : "name");
        return credentials.stream()
                .filter(each -> byId
                        ? word.equals(each.id())
                        : word.equals(each.name()) && KeystoneModel.isUser(given.path("user"), each.user()))
                .findFirst()
                .map(found -> {
                    if (!found.secret().equals(Json.text(given, "secret"))) {
                        throw KeystoneModel.refused();
                    }
                    return found;
                })
                .orElseThrow(() -> missing(word));
    }

    /** Answers {@code /v3/users/{user}/application_credentials…} to that user, whose token is by {@code methods}. */
    ModelReply handle(ModelRequest request, User user, Project project, List<String> methods) {
        var rest = request.segments().subList(4, request.segments().size());
        var own = credentials.stream().filter(each -> each.user().equals(user)).toList();
        return switch (request.method() + (rest.isEmpty() ? "" : " one")) {
            case "GET" ->
                ModelReply.ok(Json.object(
                        "application_credentials",
                        own.stream().map(KeystoneCredentials::doc).toList(),
                        "links",
                        Json.object()));
            case "POST" -> create(request, user, project, methods, own);
            case "GET one" -> ModelReply.ok(Json.object("application_credential", doc(find(own, rest.getFirst()))));
            case "DELETE one" -> {
                credentials.remove(find(own, rest.getFirst()));
                yield ModelReply.noContent();
            }
            default -> throw ApiError.keystone(405, "Method Not Allowed", "The method is not allowed.");
        };
    }

    private ModelReply create(
            ModelRequest request, User user, Project project, List<String> methods, List<Credential> own) {
        if (methods.contains("application_credential")) {
            throw ApiError.keystone(
                    403,
                    "Forbidden",
                    "You are not authorized to perform the requested action: Using method 'application_credential' is not"
                            + " allowed for managing additional application credentials..");
        }
        var given = request.body() == null ? Json.object() : request.body().path("application_credential");
        var name = Json.text(given, "name");
        if (own.stream().anyMatch(each -> each.name().equals(name))) {
            throw ApiError.keystone(
                    409,
                    "Conflict",
                    "Conflict occurred attempting to store application_credential - Duplicate entry found with name "
                            + name + ".");
        }
        var secret = Json.has(given, "secret") ? Json.text(given, "secret") : world.ids.nextHex();
        var made = doc(add(name, secret, user, project));
        made.put("secret", secret);
        return ModelReply.of(201, Json.object("application_credential", made));
    }

    private static Credential find(List<Credential> own, String id) {
        return own.stream().filter(each -> each.id().equals(id)).findFirst().orElseThrow(() -> missing(id));
    }

    private static ApiError missing(String word) {
        return ApiError.keystone(404, "Not Found", "Could not find Application Credential: " + word + ".");
    }

    private static ObjectNode doc(Credential credential) {
        return Json.object(
                "id",
                credential.id(),
                "name",
                credential.name(),
                "description",
                null,
                "project_id",
                credential.project().id(),
                "user_id",
                credential.user().id(),
                "expires_at",
                null,
                "unrestricted",
                null,
                "system",
                null);
    }
}
