package io.ballast.testbed.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one request. {@code took} is how long the real service would have kept the caller waiting; the effect has
 * happened when the reply is made. {@code lost} says that the caller must not see the answer: the connection breaks instead.
 */
public record ModelReply(
        int status, @Nullable JsonNode body, Map<String, String> headers, Duration took, boolean lost) {

    static ModelReply of(int status, @Nullable JsonNode body) {
        return new ModelReply(status, body, Map.of(), Duration.ZERO, false);
    }

    static ModelReply ok(JsonNode body) {
        return of(200, body);
    }

    static ModelReply noContent() {
        return of(204, null);
    }

    ModelReply taking(Duration duration) {
        return new ModelReply(status, body, headers, duration, lost);
    }

    ModelReply withHeader(String name, String value) {
        var more = new TreeMap<>(headers);
        more.put(name, value);
        return new ModelReply(status, body, more, took, lost);
    }

    ModelReply asLost() {
        return new ModelReply(status, body, headers, took, true);
    }

    /** The body, or a missing node where there is none: for reading with {@code at} and {@code path}. */
    public JsonNode json() {
        return body == null ? MissingNode.getInstance() : body;
    }

    /** What the service says went wrong, whichever of the three it is; empty for a success. */
    public String errorText() {
        for (var pointer : new String[] {"/faultstring", "/NeutronError/message", "/error/message", "/description"}) {
            if (json().at(pointer).isTextual()) {
                return json().at(pointer).textValue();
            }
        }
        return "";
    }
}
