package io.ballast.testbed.openstack;

import java.io.IOException;
import java.time.Instant;
import java.util.List;

/**
 * What tests in another process may ask and set:
 * <ul>
 *   <li>{@code GET /ballast/calls?since=N}: {@code next}, the marker to go on from, and the calls after marker N
 *   <li>{@code GET /ballast/faults}, {@code PUT /ballast/faults}: all switches; a PUT changes those it names
 *   <li>{@code GET /ballast/inventory}: what is left of load balancers
 *   <li>{@code GET /ballast/layout}: the ids of the seeded networks
 * </ul>
 */
final class OpenStackAdmin {
    private OpenStackAdmin() {}

    static ModelReply answer(OpenStackModel model, String method, String path, String query, byte[] body, Instant now) {
        return switch (method + " " + path) {
            case "GET /ballast/calls" -> calls(model, query);
            case "GET /ballast/faults" -> ModelReply.ok(model.faults().toJson());
            case "PUT /ballast/faults" -> setFaults(model, body, now);
            case "GET /ballast/inventory" -> {
                var left = model.inventory();
                yield ModelReply.ok(Json.object(
                        "loadBalancers",
                        left.loadBalancers(),
                        "floatingIps",
                        left.floatingIps(),
                        "ports",
                        left.ports()));
            }
            case "GET /ballast/layout" -> ModelReply.ok(model.seeded().toJson());
            default ->
                ModelReply.of(
                        404,
                        Json.object(
                                "error",
                                "no " + method + " " + path + "; there are calls, faults, inventory and layout"));
        };
    }

    private static ModelReply calls(OpenStackModel model, String query) {
        var since = ModelRequest.parseQuery(query)
                .getOrDefault("since", List.of("0"))
                .getLast();
        if (!since.matches("\\d{1,9}")) {
            return ModelReply.of(400, Json.object("error", "since=" + since + " is not a number of calls"));
        }
        var calls = model.calls().since(Integer.parseInt(since)).stream()
                .map(Call::toJson)
                .toList();
        return ModelReply.ok(Json.object("next", model.calls().size(), "calls", calls));
    }

    private static ModelReply setFaults(OpenStackModel model, byte[] body, Instant now) {
        try {
            model.setFaults(model.faults().merge(Json.MAPPER.readTree(body)), now);
            return ModelReply.ok(model.faults().toJson());
        } catch (IOException | IllegalArgumentException e) {
            return ModelReply.of(400, Json.object("error", String.valueOf(e.getMessage())));
        }
    }
}
