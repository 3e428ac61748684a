package io.ballast.testbed.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** A refusal in the words of the real API server: carries the {@code Status} object that the client gets. */
final class ApiError extends RuntimeException {
    private final transient ObjectNode status;

    private ApiError(ObjectNode status) {
        super(status.path("message").asText(), null, false, false);
        this.status = status;
    }

    /** One entry of {@code details.causes}. */
    record Cause(String reason, String message, String field) {}

    ModelReply reply() {
        return new ModelReply(status.path("code").asInt(), status);
    }

    ObjectNode status() {
        return status;
    }

    static ApiError of(int code, String reason, String message) {
        var status = Json.object().put("kind", "Status").put("apiVersion", "v1");
        status.putObject("metadata");
        status.put("status", "Failure").put("message", message).put("reason", reason);
        return new ApiError(status.put("code", code));
    }

    private static ApiError about(int code, String reason, String message, ResourceType type, String name) {
        var error = of(code, reason, message);
        error.details(name, type.group(), type.plural());
        return error;
    }

    private void details(String name, String group, String kind) {
        var details = status.putObject("details");
        details.put("name", name);
        if (!group.isEmpty()) {
            details.put("group", group);
        }
        details.put("kind", kind);
    }

    private void causes(List<Cause> causes) {
        var array = Json.childArray(Json.child(status, "details"), "causes");
        for (var cause : causes) {
            array.addObject()
                    .put("reason", cause.reason())
                    .put("message", cause.message())
                    .put("field", cause.field());
        }
    }

    static ApiError badRequest(String message) {
        return of(400, "BadRequest", message);
    }

    static ApiError noSuchPath() {
        return of(404, "NotFound", "the server could not find the requested resource");
    }

    static ApiError notFound(ResourceType type, String name) {
        return about(404, "NotFound", "%s \"%s\" not found".formatted(type.qualified(), name), type, name);
    }

    static ApiError alreadyExists(ResourceType type, String name) {
        return about(409, "AlreadyExists", "%s \"%s\" already exists".formatted(type.qualified(), name), type, name);
    }

    static ApiError stale(ResourceType type, String name) {
        return conflict(
                type,
                name,
                "the object has been modified; please apply your changes to the latest version and try again");
    }

    static ApiError conflict(ResourceType type, String name, String why) {
        var message = "Operation cannot be fulfilled on %s \"%s\": %s".formatted(type.qualified(), name, why);
        return about(409, "Conflict", message, type, name);
    }

    static ApiError applyConflict(String message, List<Cause> causes) {
        var error = of(409, "Conflict", message);
        error.causes(causes);
        return error;
    }

    static ApiError forbidden(ResourceType type, String name, String why) {
        return about(403, "Forbidden", "%s \"%s\" is forbidden: %s".formatted(type.qualified(), name, why), type, name);
    }

    static ApiError namespaceTerminating(ResourceType type, String name, String namespace) {
        var error = forbidden(
                type,
                name,
                "unable to create new content in namespace %s because it is being terminated".formatted(namespace));
        error.causes(List.of(new Cause(
                "NamespaceTerminating",
                "namespace %s is being terminated".formatted(namespace),
                "metadata.namespace")));
        return error;
    }

    static ApiError methodNotAllowed() {
        return of(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
    }

    static ApiError unsupportedMediaType(String supported) {
        return of(
                415,
                "UnsupportedMediaType",
                "the body of the request was in an unknown format - accepted media types include: " + supported);
    }

    static ApiError expired(String message) {
        return of(410, "Expired", message);
    }

    static ApiError invalid(ResourceType type, String name, List<Cause> causes) {
        var texts = causes.stream()
                .map(cause -> cause.field() + ": " + cause.message())
                .toList();
        var joined = texts.size() == 1 ? texts.getFirst() : "[" + String.join(", ", texts) + "]";
        var error = of(422, "Invalid", "%s \"%s\" is invalid: %s".formatted(type.qualifiedKind(), name, joined));
        error.details(name, type.group(), type.kind());
        error.causes(causes);
        return error;
    }
}
