package io.ballast.testbed.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Set;

/** What the API server fills into a Service before and after validation: defaults, carried-over values, addresses and node ports. */
final class ServiceDefaults {
    private static final int AFFINITY_TIMEOUT_SECONDS = 10_800;

    private final ServiceAllocations allocations;

    ServiceDefaults(ServiceAllocations allocations) {
        this.allocations = allocations;
    }

    static String type(ObjectNode service) {
        return Json.text(service, "spec", "type");
    }

    static boolean isHeadless(ObjectNode service) {
        return Json.texts(Json.at(service, "spec", "clusterIPs")).contains("None")
                || Json.text(service, "spec", "clusterIP").equals("None");
    }

    static boolean isExternallyAccessible(ObjectNode service) {
        return Set.of("NodePort", "LoadBalancer").contains(type(service))
                || (type(service).equals("ClusterIP")
                        && !Json.at(service, "spec", "externalIPs").isEmpty());
    }

    static boolean needsHealthCheckPort(ObjectNode service) {
        return type(service).equals("LoadBalancer")
                && Json.text(service, "spec", "externalTrafficPolicy").equals("Local");
    }

    private static boolean needsNodePorts(ObjectNode service) {
        return type(service).equals("NodePort")
                || (type(service).equals("LoadBalancer")
                        && Json.at(service, "spec", "allocateLoadBalancerNodePorts")
                                .asBoolean(true));
    }

    /** Static defaults, as the versioned API fills them in on decoding. */
    static void fill(ObjectNode service) {
        var spec = Json.child(service, "spec");
        Json.putDefault(spec, "sessionAffinity", "None");
        Json.putDefault(spec, "type", "ClusterIP");
        var type = type(service);
        if (Json.text(spec, "sessionAffinity").equals("ClientIP")) {
            Json.putDefault(
                    Json.child(spec, "sessionAffinityConfig", "clientIP"), "timeoutSeconds", AFFINITY_TIMEOUT_SECONDS);
        } else if (Json.text(spec, "sessionAffinity").equals("None")) {
            spec.remove("sessionAffinityConfig");
        }
        for (var port : Json.objects(spec.path("ports"))) {
            Json.putDefault(port, "protocol", "TCP");
            if (!Json.has(port, "targetPort") || Json.text(port, "targetPort").equals("0")) {
                port.set("targetPort", port.path("port"));
            }
        }
        if (isExternallyAccessible(service)) {
            Json.putDefault(spec, "externalTrafficPolicy", "Cluster");
        }
        if (!type.equals("ExternalName")) {
            Json.putDefault(spec, "internalTrafficPolicy", "Cluster");
        }
        if (type.equals("LoadBalancer")) {
            Json.putDefault(spec, "allocateLoadBalancerNodePorts", true);
        }
        if (Json.has(spec, "clusterIP") && Json.text(spec, "clusterIP").isEmpty()) {
            spec.remove("clusterIP");
        }
        if (Json.has(spec, "clusterIP") && Json.at(spec, "clusterIPs").isEmpty()) {
            spec.putArray("clusterIPs").add(spec.path("clusterIP"));
        }
        Json.child(service, "status", "loadBalancer");
    }

    /** What an update leaves out is taken over from the Service as it is: addresses, node ports, families. */
    static void carryOver(ObjectNode before, ObjectNode after) {
        var old = Json.child(before.deepCopy(), "spec");
        var spec = Json.child(after, "spec");
        var type = type(after);
        if (!type.equals("ExternalName") && !type(before).equals("ExternalName")) {
            if (!old.path("clusterIP").equals(spec.path("clusterIP"))
                    && old.path("clusterIPs").equals(spec.path("clusterIPs"))) {
                followClusterIp(spec); // a patch that knows the older field only
            }
            if (!Json.has(spec, "clusterIP") && Json.at(spec, "clusterIPs").isEmpty()) {
                Json.setOrRemove(spec, "clusterIP", old.path("clusterIP"));
                Json.setOrRemove(spec, "clusterIPs", old.path("clusterIPs"));
            } else if (old.path("clusterIP").equals(spec.path("clusterIP"))
                    && Json.at(spec, "clusterIPs").size() <= 1
                    && !Json.text(spec, "ipFamilyPolicy").equals("SingleStack")) {
                Json.setOrRemove(spec, "clusterIPs", old.path("clusterIPs"));
            }
            for (var field : new String[] {"ipFamilies", "ipFamilyPolicy"}) {
                if (!Json.has(spec, field)) {
                    Json.setOrRemove(spec, field, old.path(field));
                }
            }
        }
        if (Json.text(spec, "ipFamilyPolicy").equals("SingleStack")
                && !Json.text(old, "ipFamilyPolicy").equals("SingleStack")
                && old.path("ipFamilies").equals(spec.path("ipFamilies"))
                && spec.get("ipFamilies") instanceof ArrayNode families
                && families.size() == 2) {
            families.remove(1); // a downgrade that names no family: the API server keeps the first
        }
        if (needsNodePorts(before) && needsNodePorts(after)) {
            carryNodePorts(old.path("ports") instanceof ArrayNode ports ? Json.objects(ports) : List.of(), spec);
        }
        if (needsHealthCheckPort(before) && needsHealthCheckPort(after) && !Json.has(spec, "healthCheckNodePort")) {
            Json.setOrRemove(spec, "healthCheckNodePort", old.path("healthCheckNodePort"));
        }
    }

    private static void followClusterIp(ObjectNode spec) {
        if (Json.has(spec, "clusterIP") && spec.get("clusterIPs") instanceof ArrayNode addresses) {
            addresses.set(0, spec.path("clusterIP"));
        } else {
            spec.remove("clusterIPs");
        }
    }

    private static void carryNodePorts(List<ObjectNode> old, ObjectNode spec) {
        var used = new ArrayList<Integer>();
        Json.objects(spec.path("ports"))
                .forEach(port -> used.add(port.path("nodePort").asInt()));
        for (var port : Json.objects(spec.path("ports"))) {
            if (port.path("nodePort").asInt() == 0) {
                old.stream()
                        .filter(candidate -> candidate.path("port").equals(port.path("port"))
                                && candidate.path("protocol").equals(port.path("protocol"))
                                && !used.contains(candidate.path("nodePort").asInt()))
                        .findFirst()
                        .ifPresent(candidate -> Json.setOrRemove(port, "nodePort", candidate.path("nodePort")));
            }
        }
    }

    /** Drops what the new type has no use for, where the client left it as it was. */
    static void dropWhatTheTypeForbids(ObjectNode before, ObjectNode after) {
        var old = before.path("spec");
        var spec = Json.child(after, "spec");
        if (type(after).equals("ExternalName") && !type(before).equals("ExternalName")) {
            for (var field :
                    new String[] {"clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy"}) {
                dropIfSame(spec, old, field);
            }
        }
        if (needsNodePorts(before) && !needsNodePorts(after)) {
            var oldPorts = Json.objects(old.path("ports"));
            for (var port : Json.objects(spec.path("ports"))) {
                if (oldPorts.stream().anyMatch(other -> other.path("nodePort").equals(port.path("nodePort")))) {
                    port.remove("nodePort");
                }
            }
        }
        if (needsHealthCheckPort(before) && !needsHealthCheckPort(after)) {
            dropIfSame(spec, old, "healthCheckNodePort");
        }
        if (type(before).equals("LoadBalancer") && !type(after).equals("LoadBalancer")) {
            dropIfSame(spec, old, "allocateLoadBalancerNodePorts");
            dropIfSame(spec, old, "loadBalancerClass");
        }
        if (isExternallyAccessible(before) && !isExternallyAccessible(after)) {
            dropIfSame(spec, old, "externalTrafficPolicy");
        }
    }

    private static void dropIfSame(ObjectNode spec, JsonNode old, String field) {
        if (spec.path(field).equals(old.path(field))) {
            spec.remove(field);
        }
    }

    /** Settles the address families of a Service with ClusterIPs (or headless). What cannot be is left for validation to name. */
    void families(ObjectNode service, FieldErrors errors) {
        var spec = Json.child(service, "spec");
        if (type(service).equals("ExternalName")) {
            return;
        }
        var configured = allocations.families();
        var isOpen = isHeadless(service) && Json.at(spec, "selector").isEmpty(); // whoever writes the endpoints chooses
        var families = Json.texts(spec.path("ipFamilies"));
        var addresses = Json.texts(spec.path("clusterIPs"));
        var policy = Json.text(spec, "ipFamilyPolicy");
        for (var i = 0; i < families.size(); i++) {
            if (!isOpen && !configured.contains(families.get(i))) {
                errors.invalid("spec.ipFamilies[" + i + "]", families.get(i), "not configured on this cluster");
            }
        }
        if (!isOpen && policy.equals("RequireDualStack") && configured.size() < 2) {
            errors.invalid("spec.ipFamilyPolicy", policy, "this cluster is not configured for dual-stack services");
        }
        if (policy.isEmpty()) {
            policy = families.size() == 2 || addresses.size() == 2 ? "RequireDualStack" : "SingleStack";
            if (isOpen && families.isEmpty()) {
                policy = "RequireDualStack";
            }
            spec.put("ipFamilyPolicy", policy);
        }
        if (families.isEmpty()) {
            families = new ArrayList<>();
            for (var address : addresses) {
                if (!address.equals("None")) {
                    families.add(ServiceAllocations.family(address));
                }
            }
        }
        if (families.isEmpty()) {
            families.add(configured.getFirst());
        }
        var wantsBoth = !policy.equals("SingleStack") && (configured.size() == 2 || isOpen);
        if (wantsBoth && families.size() == 1) {
            families.add(families.getFirst().equals("IPv4") ? "IPv6" : "IPv4");
        }
        spec.set("ipFamilies", Json.array(families));
    }

    /** Gives the ClusterIPs, node ports and the health check port that are missing. Names what is taken or out of range. */
    void allocate(ObjectNode service, ObjectStore.Key key, FieldErrors errors, boolean dryRun) {
        if (type(service).equals("ExternalName")) {
            return;
        }
        if (!isHeadless(service)) {
            allocateAddresses(service, key, errors, dryRun);
        } else {
            var spec = Json.child(service, "spec");
            spec.put("clusterIP", "None").putArray("clusterIPs").add("None");
        }
        allocateNodePorts(service, key, errors, dryRun);
    }

    private void allocateAddresses(ObjectNode service, ObjectStore.Key key, FieldErrors errors, boolean dryRun) {
        var spec = Json.child(service, "spec");
        var addresses = Json.texts(spec.path("clusterIPs"));
        var families = Json.texts(spec.path("ipFamilies"));
        if (families.size() == 1
                && addresses.size() == 2
                && Json.text(spec, "ipFamilyPolicy").equals("SingleStack")) {
            addresses.removeLast(); // downgraded to a single stack
        }
        for (var address : addresses) {
            var range = allocations.range(ServiceAllocations.family(address));
            if (range.isEmpty() || !range.get().contains(address)) {
                errors.invalid(
                        "spec.clusterIPs",
                        FieldErrors.strings(addresses),
                        "failed to allocate IP %s: the provided IP (%s) is not in the valid range. The range of valid IPs is %s"
                                .formatted(
                                        address,
                                        address,
                                        range.map(AddressRange::toString).orElse("of another family")));
            } else if (allocations.isAddressTaken(address, key)) {
                errors.invalid(
                        "spec.clusterIPs",
                        FieldErrors.strings(addresses),
                        "failed to allocate IP %s: provided IP is already allocated".formatted(address));
            }
        }
        for (var i = addresses.size(); i < families.size() && errors.isEmpty(); i++) {
            var range = allocations.range(families.get(i));
            var next = range.flatMap(found -> allocations.nextAddress(found, dryRun));
            if (next.isEmpty()) {
                throw ApiError.of(
                        500, "InternalError", "Internal error occurred: failed to allocate a serviceIP: range is full");
            }
            addresses.add(next.get());
        }
        spec.put("clusterIP", addresses.getFirst());
        spec.set("clusterIPs", Json.array(addresses));
    }

    private void allocateNodePorts(ObjectNode service, ObjectStore.Key key, FieldErrors errors, boolean dryRun) {
        var spec = Json.child(service, "spec");
        var taken = new ArrayList<Integer>();
        var ports = Json.objects(spec.path("ports"));
        for (var i = 0; i < ports.size(); i++) {
            var wanted = ports.get(i).path("nodePort").asInt();
            if (wanted != 0) {
                checkNodePort(
                        "spec.ports[" + i + "].nodePort", wanted, Json.text(ports.get(i), "protocol"), key, errors);
                taken.add(wanted);
            }
        }
        var given = new HashMap<Integer, Integer>(); // the same port of another protocol shares its node port
        if (needsNodePorts(service)) {
            for (var port : ports) {
                if (port.path("nodePort").asInt() == 0 && errors.isEmpty()) {
                    var number = port.path("port").asInt();
                    var next = given.computeIfAbsent(number, _ -> nextNodePort(taken, dryRun));
                    taken.add(next);
                    port.put("nodePort", next);
                }
            }
        }
        if (needsHealthCheckPort(service)) {
            var wanted = spec.path("healthCheckNodePort").asInt();
            if (wanted == 0) {
                spec.put("healthCheckNodePort", nextNodePort(taken, dryRun));
            } else {
                checkNodePort("spec.healthCheckNodePort", wanted, "TCP", key, errors);
            }
        }
    }

    private int nextNodePort(List<Integer> taken, boolean dryRun) {
        return allocations
                .nextNodePort(taken, dryRun)
                .orElseThrow(() -> ApiError.of(
                        500, "InternalError", "Internal error occurred: failed to allocate a nodePort: range is full"));
    }

    private void checkNodePort(String field, int port, String protocol, ObjectStore.Key key, FieldErrors errors) {
        if (port < ServiceAllocations.NODE_PORT_FIRST || port > ServiceAllocations.NODE_PORT_LAST) {
            errors.invalid(
                    field, port, "provided port is not in the valid range. The range of valid ports is 30000-32767");
        } else if (allocations.isNodePortTaken(protocol, port, key)) {
            errors.invalid(field, port, "provided port is already allocated");
        }
    }
}
