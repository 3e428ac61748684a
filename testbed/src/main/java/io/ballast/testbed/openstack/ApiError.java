package io.ballast.testbed.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Map;

/** A refusal on its way out of the model; {@link OpenStackModel#handle} turns it into a reply. */
final class ApiError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient ModelReply reply;

    private ApiError(ModelReply reply) {
        super(reply.status() + " " + reply.errorText(), null, false, false);
        this.reply = reply;
    }

    ModelReply reply() {
        return reply;
    }

    static ApiError octavia(int status, String text) {
        return new ApiError(ModelReply.of(status, octaviaBody(status, text)));
    }

    static JsonNode octaviaBody(int status, String text) {
        return Json.object("faultcode", status >= 500 ? "Server" : "Client", "faultstring", text, "debuginfo", null);
    }

    /** What answers before Octavia's own code does, and for anything about the members of a pool that is not there. */
    static ApiError pecan(int status, String title, String description) {
        return new ApiError(
                ModelReply.of(status, Json.object("code", status, "title", title, "description", description)));
    }

    static ApiError neutron(int status, String type, String message) {
        return new ApiError(ModelReply.of(status, neutronBody(type, message)));
    }

    static JsonNode neutronBody(String type, String message) {
        return Json.object("NeutronError", Json.object("type", type, "message", message, "detail", ""));
    }

    static ApiError noExtension(String alias) {
        var message =
                "The resource could not be found.<br /><br />\nExtension with alias " + alias + " does not exist\n\n";
        return new ApiError(
                ModelReply.of(404, Json.object("message", message, "code", "404 Not Found", "title", "Not Found")));
    }

    static ApiError keystone(int status, String title, String message) {
        return new ApiError(ModelReply.of(status, keystoneBody(status, title, message)));
    }

    static JsonNode keystoneBody(int status, String title, String message) {
        return Json.object("error", Json.object("code", status, "message", message, "title", title));
    }

    static ApiError unauthorized(String keystone) {
        var body = keystoneBody(401, "Unauthorized", "The request you have made requires authentication.");
        return new ApiError(new ModelReply(
                401, body, Map.of("WWW-Authenticate", "Keystone uri=\"" + keystone + "\""), Duration.ZERO, false));
    }

    /** Octavia's 404 for a thing that is not there or not the caller's. */
    static ApiError notFound(String resource, String id) {
        return octavia(404, resource + " " + id + " not found.");
    }

    static ApiError invalid(String detail) {
        return octavia(400, "Validation failure: " + detail);
    }
}
