package io.ballast.testbed.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.TreeMap;

/** Asks the modelled OpenStack what it was asked. */
public final class OpenStackCalls {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final URI admin;
    private final HttpClient http = HttpClient.newHttpClient();

    public OpenStackCalls(URI admin) {
        this.admin = admin;
    }

    /** Successful writes so far by load balancer id; those of no load balancer under "". */
    public Map<String, Integer> writes() {
        var writes = new TreeMap<String, Integer>();
        get("/calls").path("calls").forEach(call -> {
            if (call.path("mutating").asBoolean() && call.path("status").asInt() < 300) {
                writes.merge(call.path("loadBalancerId").asText(""), 1, Integer::sum);
            }
        });
        return writes;
    }

    /** All writes so far, refused ones too. */
    public long writeCount() {
        long count = 0;
        for (var call : get("/calls").path("calls")) {
            count += call.path("mutating").asBoolean() ? 1 : 0;
        }
        return count;
    }

    private JsonNode get(String path) {
        try {
            var request = HttpRequest.newBuilder(URI.create(admin + path)).build();
            return MAPPER.readTree(
                    http.send(request, HttpResponse.BodyHandlers.ofString()).body());
        } catch (IOException e) {
            throw new UncheckedIOException("the modelled OpenStack does not answer " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
