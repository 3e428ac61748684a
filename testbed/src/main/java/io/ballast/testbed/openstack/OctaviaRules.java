package io.ballast.testbed.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/** What Octavia or a provider refuses about listeners, pools, members and monitors, apart from types of attributes. */
final class OctaviaRules {
    private static final Map<String, List<String>> POOLS_OF_LISTENER = Map.of(
            "TCP", List.of("HTTP", "HTTPS", "PROXY", "PROXYV2", "TCP"),
            "HTTP", List.of("HTTP", "PROXY", "PROXYV2"),
            "HTTPS", List.of("HTTPS", "PROXY", "PROXYV2", "TCP"),
            "TERMINATED_HTTPS", List.of("HTTP", "HTTPS", "PROXY", "PROXYV2"),
            "UDP", List.of("UDP"),
            "SCTP", List.of("SCTP"),
            "PROMETHEUS", List.of());
    private static final List<String> DATAGRAM = List.of("UDP", "SCTP");

    private OctaviaRules() {}

    /** The transport that listeners of a protocol occupy a port of. */
    static String transport(String protocol) {
        return DATAGRAM.contains(protocol) ? protocol : "TCP";
    }

    static void checkListener(Provider provider, JsonNode given, String protocol, String vipAddress) {
        if (Json.has(given, "allowed_cidrs") && !given.get("allowed_cidrs").isEmpty()) {
            if (provider == Provider.OVN) {
                throw unsupported(provider, "OVN provider does not support allowed_cidrs option");
            }
            int version = Ip.of(vipAddress).version();
            for (var cidr : Json.texts(given.get("allowed_cidrs"))) {
                if (Ip.Cidr.parse(cidr)
                        .filter(each -> each.first().version() == version)
                        .isEmpty()) {
                    throw ApiError.invalid(
                            "CIDR " + cidr + " IP version incompatible with VIP " + vipAddress + " IP version.");
                }
            }
        }
        checkHttpOptions(given, protocol);
        if (provider == Provider.OVN && !List.of("TCP", "UDP", "SCTP").contains(protocol)) {
            throw unsupported(provider, "OVN provider does not support " + protocol + " protocol");
        }
        if (Json.has(given, "l7policies") && !given.get("l7policies").isEmpty()) {
            throw unsupported(provider, "L7 policies are not modelled");
        }
    }

    private static void checkHttpOptions(JsonNode given, String protocol) {
        if (!given.path("insert_headers").isEmpty()
                && !List.of("HTTP", "TERMINATED_HTTPS").contains(protocol)) {
            throw ApiError.octavia(
                    400, "insert-headers is not a valid option for a " + protocol + " protocol listener.");
        }
        var hasContainer = Json.has(given, "default_tls_container_ref")
                || !given.path("sni_container_refs").isEmpty();
        if (hasContainer && !protocol.equals("TERMINATED_HTTPS")) {
            throw ApiError.invalid(
                    "Certificate container references are not allowed on " + protocol + " protocol listeners.");
        }
    }

    static void checkPool(Provider provider, JsonNode given, String protocol) {
        if (provider == Provider.AMPHORA && Json.text(given, "lb_algorithm").equals("SOURCE_IP_PORT")) {
            throw unsupported(provider, "Amphora provider does not support SOURCE_IP_PORT algorithm.");
        }
        checkNestedPool(provider, given, protocol);
    }

    /** A pool of a fully populated create: the amphora provider takes any algorithm there. */
    static void checkNestedPool(Provider provider, JsonNode given, String protocol) {
        var algorithm = Json.text(given, "lb_algorithm");
        if (provider == Provider.OVN) {
            if (!List.of("TCP", "UDP", "SCTP").contains(protocol)) {
                throw unsupported(provider, "OVN provider does not support " + protocol + " protocol");
            }
            if (!algorithm.isEmpty() && !algorithm.equals("SOURCE_IP_PORT")) {
                throw unsupported(provider, "OVN provider does not support " + algorithm + " algorithm");
            }
        }
        if (Json.has(given, "session_persistence")) {
            checkPersistence(given.get("session_persistence"), protocol);
        }
    }

    private static void checkPersistence(JsonNode persistence, String protocol) {
        var type = Json.text(persistence, "type");
        if (!List.of("SOURCE_IP", "HTTP_COOKIE", "APP_COOKIE").contains(type)) {
            throw OctaviaAttributes.badValue(
                    "type", type, "Value should be one of: SOURCE_IP, HTTP_COOKIE, APP_COOKIE");
        }
        var datagram = DATAGRAM.contains(protocol);
        if (!datagram
                && (Json.has(persistence, "persistence_timeout") || Json.has(persistence, "persistence_granularity"))) {
            throw ApiError.invalid(
                    "\"persistence_timeout\" and \"persistence_granularity\" is only for UDP and SCTP protocol pools.");
        }
        if (datagram && !type.equals("SOURCE_IP")) {
            throw ApiError.invalid(
                    "Session persistence of type \"SOURCE_IP\" is only supported for " + protocol + " pools.");
        }
        if (Json.has(persistence, "cookie_name") && !type.equals("APP_COOKIE")) {
            throw ApiError.invalid(
                    "Field \"cookie_name\" can only be specified with session persistence of type \"APP_COOKIE\".");
        }
    }

    /** Session persistence as it is stored: all four fields. */
    static JsonNode persistence(JsonNode given) {
        if (given.isNull() || given.isMissingNode()) {
            return Json.value(null);
        }
        var doc = Json.object(
                "type", null, "cookie_name", null, "persistence_timeout", null, "persistence_granularity", null);
        Json.copy(given, doc, List.of("type", "cookie_name", "persistence_timeout", "persistence_granularity"));
        return doc;
    }

    static void checkProtocols(String listener, String pool) {
        if (!POOLS_OF_LISTENER.getOrDefault(listener, List.of()).contains(pool)) {
            throw ApiError.invalid(
                    "The pool protocol '" + pool + "' is invalid while the listener protocol is '" + listener + "'.");
        }
    }

    /** A member that is new or listed in a batch; {@code vipSubnetId} serves ovn where the member names none. */
    static void checkMember(Provider provider, JsonNode given, String vipAddress, boolean inVipSubnet) {
        var address = Ip.of(Json.text(given, "address"));
        if (address.toString().equals("169.254.169.254")) {
            throw ApiError.octavia(400, address + " is not a valid option for member address");
        }
        if (provider == Provider.AMPHORA) {
            return;
        }
        if (Json.has(given, "monitor_address") || Json.has(given, "monitor_port")) {
            throw unsupported(provider, "OVN provider does not support monitor options");
        }
        if (address.version() != Ip.of(vipAddress).version()) {
            throw unsupported(
                    provider,
                    "OVN provider does not support mixing IPv4/IPv6 configuration within the same Load Balancer.");
        }
        if (!Json.has(given, "subnet_id") && !inVipSubnet) {
            throw unsupported(
                    provider,
                    "Subnet is required, or Loadbalancer associated with Member must have a subnet,"
                            + " for Member creation with OVN Provider Driver if it is not the same as LB VIP subnet");
        }
    }

    static void checkMonitor(Provider provider, JsonNode given, String poolProtocol) {
        var type = Json.text(given, "type");
        if (type.equals("UDP-CONNECT") && !DATAGRAM.contains(poolProtocol)) {
            throw ApiError.invalid("The health monitor type 'UDP-CONNECT' is not supported for a pool of protocol '"
                    + poolProtocol + "'.");
        }
        if (provider == Provider.OVN && !List.of("TCP", "UDP-CONNECT").contains(type)) {
            throw unsupported(provider, "OVN provider does not support " + type + " health monitors");
        }
    }

    /** What a monitor that speaks HTTP has where nothing was given. */
    static void fillMonitor(Row monitor) {
        if (monitor.text("type").startsWith("HTTP")) {
            Map.of("http_method", "GET", "url_path", "/", "expected_codes", "200")
                    .forEach((field, standard) -> {
                        if (monitor.text(field).isEmpty()) {
                            monitor.set(field, standard);
                        }
                    });
        }
    }

    static ApiError unsupported(Provider provider, String text) {
        return ApiError.octavia(
                501, "Provider '" + provider.label() + "' does not support a requested option: " + text);
    }

    static ApiError reports(Provider provider, String text) {
        return ApiError.octavia(500, "Provider '" + provider.label() + "' reports error: " + text);
    }

    static ApiError quotaMet(Kind kind) {
        return ApiError.octavia(403, "Quota has been met for resources: " + kind.label);
    }
}
