package io.ballast.testbed.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.ballast.schemas.contract.InOrder;
import java.util.Map;

/**
 * One request to the API. {@code path} starts with a slash, {@code query} holds decoded values, {@code contentType} and
 * {@code accept} are the headers (empty for JSON), {@code body} is a missing node when there is none.
 */
public record ModelRequest(
        String method, String path, Map<String, String> query, String contentType, String accept, JsonNode body) {
    public ModelRequest {
        query = InOrder.copyOf(query);
    }

    public static ModelRequest get(String path) {
        return new ModelRequest("GET", path, Map.of(), "", "", MissingNode.getInstance());
    }

    public static ModelRequest post(String path, JsonNode body) {
        return new ModelRequest("POST", path, Map.of(), "application/json", "", body);
    }

    public static ModelRequest put(String path, JsonNode body) {
        return new ModelRequest("PUT", path, Map.of(), "application/json", "", body);
    }

    /** A patch; {@code contentType} says which of the four kinds it is. */
    public static ModelRequest patch(String path, String contentType, JsonNode body) {
        return new ModelRequest("PATCH", path, Map.of(), contentType, "", body);
    }

    public static ModelRequest delete(String path) {
        return new ModelRequest("DELETE", path, Map.of(), "", "", MissingNode.getInstance());
    }

    public ModelRequest withQuery(Map<String, String> values) {
        return new ModelRequest(method, path, values, contentType, accept, body);
    }

    public ModelRequest withAccept(String value) {
        return new ModelRequest(method, path, query, contentType, value, body);
    }

    String parameter(String name) {
        return query.getOrDefault(name, "");
    }

    boolean flag(String name) {
        var value = parameter(name);
        return value.equals("true") || value.equals("1");
    }

    boolean isDryRun() {
        return parameter("dryRun").equals("All");
    }
}
