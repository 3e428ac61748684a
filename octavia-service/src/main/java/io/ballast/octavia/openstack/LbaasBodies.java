package io.ballast.octavia.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ballast.octavia.loadbalancer.Blueprint;
import io.ballast.octavia.loadbalancer.Failure;
import io.ballast.octavia.loadbalancer.Identity;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Bodies of LBaaS v2, made from those of Octavia. A field that LBaaS v2 does not know is left out where it says nothing, and sent
 * where it says something: Neutron then refuses it by name, and nothing that was asked for gets lost in silence. Source: attributes
 * of the extensions lbaasv2, shared_pools and hm_max_retries_down; Networking API v2, LBaaS 2.0.
 */
final class LbaasBodies {
    /** Name of the provider that stands for LBaaS v2, whatever driver is behind it. */
    static final String PROVIDER = "lbaasv2";

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int DESCRIPTION_MAX = 255;
    private static final int MAX_RETRIES_DOWN = 3;
    private static final Set<String> DRIVERS = Set.of(PROVIDER, "haproxy");
    private static final Map<String, Set<String>> KNOWN = Map.of(
            "listener",
            Set.of(
                    "name",
                    "admin_state_up",
                    "protocol",
                    "protocol_port",
                    "loadbalancer_id",
                    "default_pool_id",
                    "connection_limit",
                    "default_tls_container_ref",
                    "sni_container_refs"),
            "pool",
            Set.of("name", "admin_state_up", "protocol", "lb_algorithm", "session_persistence", "loadbalancer_id"),
            "member",
            Set.of("name", "address", "protocol_port", "weight", "subnet_id", "admin_state_up"),
            "healthmonitor",
            Set.of(
                    "name",
                    "admin_state_up",
                    "type",
                    "delay",
                    "timeout",
                    "max_retries",
                    "max_retries_down",
                    "http_method",
                    "url_path",
                    "expected_codes",
                    "pool_id"));

    private LbaasBodies() {}

    /**
     * The load balancer alone. Refused unless the translator knows what this cloud lacks, so that nothing is made that would then
     * be served without what it asks for.
     */
    static ObjectNode loadBalancer(Blueprint blueprint) throws FailedException {
        if (!DRIVERS.contains(blueprint.provider())) {
            throw refused(
                    "the cloud has LBaaS v2 and no Octavia, but the load balancer is desired of provider '%s': configure the translator with provider: lbaasv2"
                            .formatted(blueprint.provider()));
        }
        if (blueprint.vips().size() > 1) {
            throw refused(
                    "LBaaS v2 has one VIP for a load balancer: configure the translator with dual-stack: per-family");
        }
        if (blueprint.flavor() != null || blueprint.availabilityZone() != null) {
            throw refused("LBaaS v2 has neither Octavia's flavors nor availability zones");
        }
        var vip = blueprint.vips().getFirst();
        var body = JSON.objectNode()
                .put("name", blueprint.name())
                .put("description", description(blueprint.tags()))
                .put("admin_state_up", true)
                .put("vip_subnet_id", vip.subnetId())
                .put("vip_address", vip.address());
        if (!blueprint.provider().equals(PROVIDER)) {
            body.put("provider", blueprint.provider());
        }
        if (blueprint.project() != null) {
            body.put("tenant_id", blueprint.project());
        }
        return wrap("loadbalancer", body);
    }

    static ObjectNode loadBalancerUpdate(String name, Collection<String> tags) throws FailedException {
        return wrap(
                "loadbalancer",
                JSON.objectNode().put("name", name).put("admin_state_up", true).put("description", description(tags)));
    }

    /** Identity in short, then every other tag. */
    private static String description(Collection<String> tags) throws FailedException {
        var identity =
                Identity.read(tags).orElseThrow(() -> new IllegalStateException("tags without identity: " + tags));
        var others = tags.stream().filter(tag -> !identity.tags().contains(tag)).sorted();
        var text = Stream.concat(Stream.of(identity.description()), others).collect(Collectors.joining(","));
        if (text.length() > DESCRIPTION_MAX) {
            throw refused(
                    "identity and tags of a load balancer stand in its description, which holds %d characters: they need %d; configure fewer tags"
                            .formatted(DESCRIPTION_MAX, text.length()));
        }
        return text;
    }

    /** A load balancer as Octavia would show it: its description as tags, and the provider that stands for LBaaS v2. */
    static JsonNode asOctavia(JsonNode loadBalancer) {
        var description = Json.text(loadBalancer, "description");
        var body = ((ObjectNode) loadBalancer).deepCopy().put("provider", PROVIDER);
        var tags = body.putArray("tags");
        Identity.readDescription(description).ifPresent(identity -> {
            identity.tags().forEach(tags::add);
            List.of(description.split(",", -1)).stream().skip(1).forEach(tags::add);
        });
        return body;
    }

    /** A body of Octavia's as LBaaS v2 takes it. */
    static ObjectNode of(ObjectNode octavia, Set<String> extensions) {
        var name = octavia.fieldNames().next();
        var known = KNOWN.getOrDefault(name, Set.of());
        var kept = JSON.objectNode();
        for (var field : new TreeMap<>(octavia.get(name).properties().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)))
                .entrySet()) {
            if (isKept(field.getKey(), field.getValue(), known, extensions)) {
                kept.set(field.getKey(), field.getValue());
            }
        }
        if (kept.path("connection_limit").isNull()) {
            kept.put("connection_limit", -1);
        }
        if (kept.path("session_persistence") instanceof ObjectNode persistence
                && persistence.path("persistence_timeout").isNull()) {
            persistence.remove("persistence_timeout");
        }
        return wrap(name, kept);
    }

    private static boolean isKept(String field, JsonNode value, Set<String> known, Set<String> extensions) {
        if (field.equals("max_retries_down") && !extensions.contains("hm_max_retries_down")) {
            return value.asInt() != MAX_RETRIES_DOWN;
        }
        var says = !value.isNull()
                && !(value.isContainerNode() && value.isEmpty())
                && !(value.isBoolean() && !value.asBoolean());
        return known.contains(field) || says;
    }

    private static FailedException refused(String words) {
        return new FailedException(new Failure(Failure.Kind.REFUSED, 0, words, null, null));
    }

    private static ObjectNode wrap(String name, ObjectNode body) {
        var outer = JSON.objectNode();
        outer.set(name, body);
        return outer;
    }
}
