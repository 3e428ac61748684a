package io.ballast.testbed.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which attributes a body may carry, of what type, with what default. Source: Octavia API reference, version 2.26. */
final class OctaviaAttributes {
    static final List<String> LISTENER_PROTOCOLS =
            List.of("HTTP", "HTTPS", "TCP", "TERMINATED_HTTPS", "UDP", "SCTP", "PROMETHEUS");
    static final List<String> POOL_PROTOCOLS = List.of("HTTP", "HTTPS", "PROXY", "PROXYV2", "TCP", "UDP", "SCTP");
    static final List<String> ALGORITHMS = List.of("ROUND_ROBIN", "LEAST_CONNECTIONS", "SOURCE_IP", "SOURCE_IP_PORT");
    static final List<String> MONITOR_TYPES =
            List.of("HTTP", "HTTPS", "PING", "SCTP", "TCP", "TLS-HELLO", "UDP-CONNECT");

    /** The one flavor there is. */
    static final String FLAVOR_ID = "7f1b9a52-6d0e-4a53-8c0b-2f6f0d1c4e11";

    private static final String UUID_FORMAT = "[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}";

    private enum Type {
        TEXT,
        ID,
        NUMBER,
        FLAG,
        CHOICE,
        ADDRESS,
        CIDRS,
        TAGS,
        LIST,
        OBJECT
    }

    /** {@code put}: may be changed afterwards. {@code stored}: is a field of the object, not only of the request. */
    private record Attribute(
            Type type,
            long min,
            long max,
            List<String> choices,
            @Nullable Object standard,
            boolean mandatory,
            boolean put,
            boolean stored) {
        Attribute required() {
            return new Attribute(type, min, max, choices, standard, true, put, stored);
        }

        Attribute fixed() {
            return new Attribute(type, min, max, choices, standard, mandatory, false, stored);
        }

        Attribute request() {
            return new Attribute(type, min, max, choices, standard, mandatory, false, false);
        }
    }

    private static final Map<Kind, Map<String, Attribute>> BY_KIND = new EnumMap<>(Kind.class);

    static {
        var lb = common();
        lb.put("provider", text().fixed());
        lb.put("vip_address", new Attribute(Type.ADDRESS, 0, 0, List.of(), null, false, false, true));
        for (var name : List.of("vip_subnet_id", "vip_network_id", "vip_port_id", "flavor_id")) {
            lb.put(name, of(Type.ID, null).fixed());
        }
        lb.put("availability_zone", text().fixed());
        lb.put("vip_qos_policy_id", of(Type.ID, null));
        lb.put("project_id", text().fixed());
        lb.put("tenant_id", text().request());
        for (var name : List.of("listeners", "pools", "additional_vips")) {
            lb.put(name, of(Type.LIST, List.of()).request());
        }
        BY_KIND.put(Kind.LOAD_BALANCER, lb);

        var listener = common();
        listener.put("protocol", choice(LISTENER_PROTOCOLS).required().fixed());
        listener.put("protocol_port", number(1, 65535, null).required().fixed());
        listener.put("connection_limit", number(-1, 1_000_000, -1));
        listener.put("default_pool_id", text());
        listener.put("allowed_cidrs", of(Type.CIDRS, null));
        listener.put("timeout_client_data", number(0, 31_536_000_000L, 50_000));
        listener.put("timeout_member_connect", number(0, 31_536_000_000L, 5_000));
        listener.put("timeout_member_data", number(0, 31_536_000_000L, 50_000));
        listener.put("timeout_tcp_inspect", number(0, 31_536_000_000L, 0));
        listener.put("insert_headers", of(Type.OBJECT, Json.object()));
        for (var name : List.of(
                "default_tls_container_ref",
                "client_ca_tls_container_ref",
                "client_crl_container_ref",
                "tls_ciphers")) {
            listener.put(name, text());
        }
        listener.put("client_authentication", choice(List.of("NONE", "OPTIONAL", "MANDATORY"), "NONE"));
        for (var name : List.of("sni_container_refs", "tls_versions", "alpn_protocols")) {
            listener.put(name, of(Type.LIST, List.of()));
        }
        listener.put("loadbalancer_id", text().request());
        listener.put("project_id", text().request());
        listener.put("tenant_id", text().request());
        listener.put("default_pool", of(Type.OBJECT, null).request());
        listener.put("l7policies", of(Type.LIST, null).request());
        BY_KIND.put(Kind.LISTENER, listener);

        var pool = common();
        pool.put("protocol", choice(POOL_PROTOCOLS).required().fixed());
        pool.put("lb_algorithm", choice(ALGORITHMS).required());
        pool.put("session_persistence", of(Type.OBJECT, null));
        for (var name : List.of("tls_container_ref", "ca_tls_container_ref", "crl_container_ref", "tls_ciphers")) {
            pool.put(name, text());
        }
        pool.put("tls_enabled", of(Type.FLAG, false));
        pool.put("tls_versions", of(Type.LIST, List.of()));
        pool.put("alpn_protocols", of(Type.LIST, List.of()));
        for (var name : List.of("loadbalancer_id", "listener_id", "project_id", "tenant_id")) {
            pool.put(name, text().request());
        }
        pool.put("members", of(Type.LIST, null).request());
        pool.put("healthmonitor", of(Type.OBJECT, null).request());
        BY_KIND.put(Kind.POOL, pool);

        var member = common();
        member.remove("description");
        member.put("address", new Attribute(Type.ADDRESS, 0, 0, List.of(), null, true, false, true));
        member.put("protocol_port", number(1, 65535, null).required().fixed());
        member.put("weight", number(0, 256, 1));
        member.put("backup", of(Type.FLAG, false));
        member.put("subnet_id", text().fixed());
        member.put("monitor_address", of(Type.ADDRESS, null));
        member.put("monitor_port", number(1, 65535, null));
        member.put("project_id", text().request());
        member.put("tenant_id", text().request());
        BY_KIND.put(Kind.MEMBER, member);

        var monitor = common();
        monitor.remove("description");
        monitor.put("type", choice(MONITOR_TYPES).required().fixed());
        monitor.put("delay", number(0, Integer.MAX_VALUE, null).required());
        monitor.put("timeout", number(0, Integer.MAX_VALUE, null).required());
        monitor.put("max_retries", number(1, 10, null).required());
        monitor.put("max_retries_down", number(1, 10, 3));
        for (var name : List.of("http_method", "url_path", "expected_codes", "domain_name")) {
            monitor.put(name, text());
        }
        monitor.put("http_version", of(Type.OBJECT, null));
        for (var name : List.of("pool_id", "project_id", "tenant_id")) {
            monitor.put(name, text().request());
        }
        BY_KIND.put(Kind.HEALTH_MONITOR, monitor);
    }

    private OctaviaAttributes() {}

    private static Map<String, Attribute> known(Kind kind) {
        return BY_KIND.getOrDefault(kind, Map.of());
    }

    /** What a list may be filtered by: what its things store, and the parent of most; pools not by their listener. */
    static Set<String> filters(String collection) {
        var names = new TreeSet<String>(Set.of(
                "id",
                "project_id",
                "tenant_id",
                "provisioning_status",
                "operating_status",
                "created_at",
                "updated_at"));
        Kind.ofCollection(collection)
                .ifPresent(kind -> known(kind).forEach((name, attribute) -> {
                    if (attribute.stored()) {
                        names.add(name);
                    }
                }));
        switch (collection) {
            case "listeners", "pools" -> names.addAll(Set.of("loadbalancer_id", "load_balancer_id"));
            case "healthmonitors" -> names.add("pool_id");
            case "flavors" -> names.addAll(Set.of("name", "description", "enabled", "flavor_profile_id"));
            case "amphorae" ->
                names.addAll(Set.of("loadbalancer_id", "compute_id", "role", "status", "vrrp_port_id", "ha_port_id"));
            case "loadbalancers" -> names.addAll(Set.of("vip_port_id", "vip_network_id", "vip_subnet_id"));
            default -> {}
        }
        return names;
    }

    private static Map<String, Attribute> common() {
        var all = new LinkedHashMap<String, Attribute>();
        all.put("name", of(Type.TEXT, ""));
        all.put("description", of(Type.TEXT, ""));
        all.put("admin_state_up", of(Type.FLAG, true));
        all.put("tags", of(Type.TAGS, List.of()));
        return all;
    }

    private static Attribute of(Type type, @Nullable Object standard) {
        return new Attribute(type, 0, 0, List.of(), standard, false, true, true);
    }

    private static Attribute text() {
        return of(Type.TEXT, null);
    }

    private static Attribute number(long min, long max, @Nullable Integer standard) {
        return new Attribute(Type.NUMBER, min, max, List.of(), standard, false, true, true);
    }

    private static Attribute choice(List<String> choices) {
        return new Attribute(Type.CHOICE, 0, 0, choices, null, false, true, true);
    }

    private static Attribute choice(List<String> choices, String standard) {
        return new Attribute(Type.CHOICE, 0, 0, choices, standard, false, true, true);
    }

    /** Refuses with 400 what a POST of this kind may not carry or lacks. */
    static void checkNew(Kind kind, JsonNode given) {
        check(kind, given, true);
        known(kind).forEach((name, attribute) -> {
            if (attribute.mandatory() && !Json.has(given, name)) {
                throw badValue(name, "None", "Mandatory field missing.");
            }
        });
    }

    /** Refuses with 400 what a PUT of this kind may not carry. */
    static void checkChange(Kind kind, JsonNode given) {
        check(kind, given, false);
    }

    private static void check(Kind kind, JsonNode given, boolean isNew) {
        var known = known(kind);
        var unknown = new ArrayList<String>();
        for (var name : Json.fieldNames(given)) {
            var attribute = known.get(name);
            if (attribute == null || !(isNew || attribute.put())) {
                unknown.add(name);
            } else if (Json.has(given, name)) {
                reason(attribute, given.get(name)).ifPresent(why -> {
                    throw badValue(name, shown(given.get(name)), why);
                });
            }
        }
        if (!unknown.isEmpty()) {
            throw ApiError.octavia(
                    400,
                    "Unknown attribute" + (unknown.size() > 1 ? "s" : "") + " for argument " + kind.argument + ": "
                            + String.join(", ", unknown));
        }
    }

    private static Optional<String> reason(Attribute attribute, JsonNode value) {
        return switch (attribute.type()) {
            case TEXT ->
                !value.isTextual()
                        ? Optional.of("Value should be string")
                        : value.textValue().length() > 255
                                ? Optional.of("Value should have a maximum character requirement of 255")
                                : Optional.empty();
            case ID ->
                value.asText().matches(UUID_FORMAT) ? Optional.empty() : Optional.of("Value should be UUID format");
            case NUMBER -> {
                if (!value.isIntegralNumber()
                        && !(value.isTextual() && value.textValue().matches("-?\\d+"))) {
                    yield Optional.of("Wrong type. Expected '<class 'int'>'");
                }
                if (value.asLong() < attribute.min()) {
                    yield Optional.of("Value should be greater or equal to " + attribute.min());
                }
                yield value.asLong() > attribute.max()
                        ? Optional.of("Value should be lower or equal to " + attribute.max())
                        : Optional.empty();
            }
            case FLAG ->
                value.isBoolean() || Set.of("true", "false", "True", "False").contains(value.asText())
                        ? Optional.empty()
                        : Optional.of("Wrong type. Expected '<class 'bool'>'");
            case CHOICE ->
                attribute.choices().contains(value.asText())
                        ? Optional.empty()
                        : Optional.of("Value should be one of: " + String.join(", ", attribute.choices()));
            case ADDRESS ->
                Ip.parse(value.asText()).isPresent()
                        ? Optional.empty()
                        : Optional.of("Value should be IPv4 or IPv6 format");
            case CIDRS ->
                value.isArray()
                                && Json.texts(value).stream()
                                        .allMatch(each -> Ip.Cidr.parse(each).isPresent())
                        ? Optional.empty()
                        : Optional.of("Value should be IPv4 or IPv6 CIDR format");
            case TAGS ->
                value.isArray()
                                && Json.items(value).stream()
                                        .allMatch(each -> each.isTextual()
                                                && each.textValue().length() <= 255)
                        ? Optional.empty()
                        : Optional.of("Value should have a maximum character requirement of 255");
            case LIST -> value.isArray() ? Optional.empty() : Optional.of("Wrong type. Expected a list");
            case OBJECT -> value.isObject() ? Optional.empty() : Optional.of("Wrong type. Expected an object");
        };
    }

    /** The stored fields of a new object: what was given, defaults for the rest. */
    static ObjectNode newFields(Kind kind, JsonNode given) {
        var doc = Json.object();
        known(kind).forEach((name, attribute) -> {
            if (attribute.stored()) {
                doc.set(
                        name,
                        stored(attribute, Json.has(given, name) ? given.get(name) : Json.value(attribute.standard())));
            }
        });
        return doc;
    }

    /** Applies a PUT: an explicit null sets the default again. */
    static void change(Kind kind, JsonNode given, ObjectNode doc) {
        var known = known(kind);
        for (var name : Json.fieldNames(given)) {
            var attribute = known.get(name);
            if (attribute != null && attribute.put()) {
                doc.set(
                        name,
                        stored(attribute, Json.has(given, name) ? given.get(name) : Json.value(attribute.standard())));
            }
        }
    }

    private static JsonNode stored(Attribute attribute, JsonNode value) {
        if (value.isTextual() && attribute.type() == Type.NUMBER) {
            return Json.value(value.asLong());
        }
        if (value.isTextual() && attribute.type() == Type.FLAG) {
            return Json.value(value.asText().equalsIgnoreCase("true"));
        }
        return value.deepCopy();
    }

    private static String shown(JsonNode value) {
        return value.isValueNode()
                ? value.asText()
                : new ArrayList<>(List.of(value)).getFirst().toString();
    }

    static ApiError badValue(String name, String value, String why) {
        return ApiError.octavia(400, "Invalid input for field/attribute " + name + ". Value: '" + value + "'. " + why);
    }
}
