package io.ballast.testbed.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;

/** The answer to a {@link ModelRequest}: an HTTP status and a JSON body that nobody may change. */
public record ModelReply(int status, JsonNode body) {
    public boolean isSuccess() {
        return status < 300;
    }

    static ModelReply ok(JsonNode body) {
        return new ModelReply(200, body);
    }
}
