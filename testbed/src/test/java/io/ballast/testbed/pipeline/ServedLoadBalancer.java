package io.ballast.testbed.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * What Octavia holds for a Service of namespace default, read anew by each question.
 *
 * @param name of the Service
 */
record ServedLoadBalancer(Pipeline pipeline, String name) {
    JsonNode loadBalancer() {
        return pipeline.loadBalancer(name);
    }

    /** The only one. */
    JsonNode listener() {
        var listeners = pipeline.openStack().listeners(loadBalancer().path("id").asText());
        assertThat(listeners).as("listeners of " + name).hasSize(1);
        return listeners.getFirst();
    }

    /** Whether its listener takes connections. */
    boolean isOpen() {
        return listener().path("admin_state_up").asBoolean();
    }

    /** CIDR blocks that may use its listener; none for everybody. */
    List<String> allowed() {
        return StreamSupport.stream(listener().path("allowed_cidrs").spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    /** The only one. */
    JsonNode pool() {
        var pools = pipeline.openStack().pools(loadBalancer().path("id").asText());
        assertThat(pools).as("pools of " + name).hasSize(1);
        return pools.getFirst();
    }

    /** A field of each pool by protocol. */
    Map<String, JsonNode> pools(String field) {
        return pipeline.openStack().pools(loadBalancer().path("id").asText()).stream()
                .collect(Collectors.toMap(each -> each.path("protocol").asText(), each -> each.path(field)));
    }

    /** Of each member its address and weight. */
    Map<String, Integer> weights() {
        return pipeline.openStack().members(pool().path("id").asText()).stream()
                .collect(Collectors.toMap(
                        each -> each.path("address").asText(),
                        each -> each.path("weight").asInt()));
    }

    /** The load balancer and what is in it. */
    List<JsonNode> everything() {
        var members = pipeline.openStack().members(pool().path("id").asText());
        return List.of(loadBalancer(), listener(), pool(), members.getFirst());
    }
}
