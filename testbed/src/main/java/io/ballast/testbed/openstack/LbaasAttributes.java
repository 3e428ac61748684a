package io.ballast.testbed.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Which attributes LBaaS v2 takes and shows. Source: neutron-lbaas, extensions lbaasv2, shared_pools, hm_max_retries_down;
 * Networking API v2, LBaaS 2.0.
 */
final class LbaasAttributes {
    private static final int TEXT_MAX = 255;

    /** In this order: only in a POST; in a POST and a PUT; only shown. */
    private record Attributes(List<String> required, List<String> once, List<String> always, List<String> shown) {}

    private static final Map<Kind, Attributes> BY_KIND = new EnumMap<>(Map.of(
            Kind.LOAD_BALANCER,
            new Attributes(
                    List.of("vip_subnet_id"),
                    List.of("vip_address", "provider", "flavor_id", "tenant_id", "project_id"),
                    List.of("name", "description", "admin_state_up"),
                    List.of("id", "vip_port_id", "provisioning_status", "operating_status", "listeners", "pools")),
            Kind.LISTENER,
            new Attributes(
                    List.of("protocol", "protocol_port"),
                    List.of("loadbalancer_id", "tenant_id", "project_id"),
                    List.of(
                            "name",
                            "description",
                            "admin_state_up",
                            "connection_limit",
                            "default_pool_id",
                            "default_tls_container_ref",
                            "sni_container_refs"),
                    List.of("id", "loadbalancers")),
            Kind.POOL,
            new Attributes(
                    List.of("protocol"),
                    List.of("loadbalancer_id", "listener_id", "tenant_id", "project_id"),
                    List.of("name", "description", "admin_state_up", "lb_algorithm", "session_persistence"),
                    List.of("id", "loadbalancers", "listeners", "members", "healthmonitor_id")),
            Kind.MEMBER,
            new Attributes(
                    List.of("address", "protocol_port", "subnet_id"),
                    List.of("tenant_id", "project_id"),
                    List.of("name", "weight", "admin_state_up"),
                    List.of("id")),
            Kind.HEALTH_MONITOR,
            new Attributes(
                    List.of("type", "delay", "timeout", "max_retries", "pool_id"),
                    List.of("tenant_id", "project_id"),
                    List.of("name", "admin_state_up", "max_retries_down", "http_method", "url_path", "expected_codes"),
                    List.of("id", "pools"))));

    /** Of a monitor, these are required and may change all the same. */
    private static final List<String> CHANGEABLE = List.of("delay", "timeout", "max_retries");

    private static final Map<String, List<String>> CHOICES = Map.of(
            "LISTENER protocol", List.of("TCP", "HTTP", "HTTPS", "TERMINATED_HTTPS"),
            "POOL protocol", List.of("TCP", "HTTP", "HTTPS"),
            "POOL lb_algorithm", List.of("ROUND_ROBIN", "LEAST_CONNECTIONS", "SOURCE_IP"),
            "HEALTH_MONITOR type", List.of("PING", "TCP", "HTTP", "HTTPS"));

    private LbaasAttributes() {}

    /** Throws Neutron's own words on what is unknown, missing, too long or none of the values there are. */
    static void check(Kind kind, JsonNode given, boolean isNew) {
        var known = of(kind);
        for (var name : Json.fieldNames(given)) {
            var mayChange = known.always().contains(name) || (kind == Kind.HEALTH_MONITOR && CHANGEABLE.contains(name));
            var mayBeGiven =
                    mayChange || known.required().contains(name) || known.once().contains(name);
            if (!mayBeGiven) {
                throw bad("Unrecognized attribute(s) '" + name + "'");
            }
            if (!isNew && !mayChange) {
                throw bad("Cannot update read-only attribute " + name);
            }
            var choices = CHOICES.get(kind + " " + name);
            if (choices != null && !choices.contains(Json.text(given, name))) {
                throw bad("Invalid input for %s. Reason: '%s' is not in %s."
                        .formatted(name, Json.text(given, name), choices));
            }
            if (given.get(name).isTextual() && Json.text(given, name).length() > TEXT_MAX) {
                throw bad("Invalid input for %s. Reason: '%s' exceeds maximum length of %d."
                        .formatted(name, Json.text(given, name), TEXT_MAX));
            }
        }
        if (isNew) {
            known.required().stream()
                    .filter(name -> !Json.has(given, name))
                    .findFirst()
                    .ifPresent(name -> {
                        throw bad("Failed to parse request. Required attribute '" + name + "' not specified");
                    });
        }
        if (given.path("connection_limit").isNull()) {
            throw bad("Invalid input for connection_limit. Reason: 'None' is not an integer.");
        }
        if (given.path("session_persistence").has("persistence_timeout")) {
            throw bad("Invalid input for session_persistence. Reason: Unexpected keys supplied: persistence_timeout.");
        }
    }

    /** What is shown of an object of Octavia's. */
    static ObjectNode shown(Kind kind, JsonNode octavia) {
        var known = of(kind);
        var doc = Json.object("tenant_id", Json.text(octavia, "project_id"));
        for (var names : List.of(known.required(), known.once(), known.always(), known.shown())) {
            Json.copy(octavia, doc, names);
        }
        doc.remove(List.of("loadbalancer_id", "listener_id", "pool_id"));
        if (kind == Kind.LOAD_BALANCER) {
            doc.put("provider", LbaasModel.PROVIDER);
        }
        if (kind == Kind.POOL) {
            var type = Json.text(octavia.path("session_persistence"), "type");
            doc.set(
                    "session_persistence",
                    type.isEmpty() ? Json.object() : Json.object("type", type, "cookie_name", null));
        }
        return doc;
    }

    private static Attributes of(Kind kind) {
        var found = BY_KIND.get(kind);
        if (found == null) {
            throw new IllegalStateException("no attributes of " + kind);
        }
        return found;
    }

    static ApiError bad(String words) {
        return ApiError.neutron(400, "HTTPBadRequest", words);
    }
}
