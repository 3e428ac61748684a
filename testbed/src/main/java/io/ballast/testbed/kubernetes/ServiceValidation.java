package io.ballast.testbed.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The rules for a Service's spec and status. Source: {@code ValidateService*} in {@code pkg/apis/core/validation}, release 1.32. */
final class ServiceValidation {
    private static final Set<String> PROTOCOLS = Set.of("TCP", "UDP", "SCTP");
    private static final Set<String> TYPES = Set.of("ClusterIP", "NodePort", "LoadBalancer", "ExternalName");
    private static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
    private static final Pattern PORT_NAME = Pattern.compile("(?=.*[a-z])[a-z0-9]([a-z0-9]|-(?!-))*");
    private static final String SOURCE_RANGES_ANNOTATION = "service.beta.kubernetes.io/load-balancer-source-ranges";
    private static final int MAX_AFFINITY_SECONDS = 86_400;

    private ServiceValidation() {}

    /** Wrong types, which the real one refuses while decoding, with 400. */
    static void decode(ObjectNode service) {
        var ports = Json.at(service, "spec", "ports");
        if (!ports.isMissingNode() && !ports.isNull() && !ports.isArray()) {
            throw undecodable("object", "ServiceSpec.spec.ports", "[]v1.ServicePort");
        }
        for (var port : Json.objects(ports)) {
            for (var field : List.of("port", "nodePort")) {
                var value = port.path(field);
                if (Json.has(port, field) && !value.isInt()) {
                    throw undecodable(
                            value.isTextual() ? "string" : "number", "ServicePort.spec.ports." + field, "int32");
                }
            }
        }
        var ranges = Json.at(service, "spec", "loadBalancerSourceRanges");
        if (!ranges.isMissingNode() && !ranges.isNull() && !ranges.isArray()) {
            throw undecodable("string", "ServiceSpec.spec.loadBalancerSourceRanges", "[]string");
        }
    }

    private static ApiError undecodable(String found, String field, String wanted) {
        return ApiError.badRequest(
                "Service in version \"v1\" cannot be handled as a Service: json: cannot unmarshal %s into Go struct field %s of type %s"
                        .formatted(found, field, wanted));
    }

    static void validate(ObjectNode service, FieldErrors errors) {
        var spec = service.path("spec");
        var type = ServiceDefaults.type(service);
        var isHeadless = ServiceDefaults.isHeadless(service);
        var ports = Json.objects(spec.path("ports"));
        if (ports.isEmpty() && !isHeadless && !type.equals("ExternalName")) {
            errors.required("spec.ports", "");
        }
        if (!TYPES.contains(type)) {
            errors.unsupported("spec.type", type, TYPES.toArray(String[]::new));
        }
        if (isHeadless && (type.equals("NodePort") || type.equals("LoadBalancer"))) {
            errors.invalid("spec.clusterIPs[0]", "None", "may not be set to 'None' for " + type + " services");
        }
        if (type.equals("ExternalName")) {
            externalName(spec, errors);
        }
        ports(ports, isHeadless, type, errors);
        affinity(spec, errors);
        addresses(spec, errors);
        sourceRanges(service, errors);
        policies(service, errors);
    }

    private static void externalName(JsonNode spec, FieldErrors errors) {
        if (!Json.texts(spec.path("clusterIPs")).isEmpty() || Json.has(spec, "clusterIP")) {
            errors.forbidden("spec.clusterIPs", "may not be set for ExternalName services");
        }
        if (Json.has(spec, "ipFamilies")) {
            errors.forbidden("spec.ipFamilies", "may not be set for ExternalName services");
        }
        if (Json.has(spec, "ipFamilyPolicy")) {
            errors.forbidden("spec.ipFamilyPolicy", "may not be set for ExternalName services");
        }
        var name = Json.text(spec, "externalName");
        if (name.isEmpty()) {
            errors.required("spec.externalName", "");
        } else if (!Metadata.isSubdomain(name.endsWith(".") ? name.substring(0, name.length() - 1) : name)) {
            errors.invalid("spec.externalName", name, Metadata.SUBDOMAIN_RULE);
        }
    }

    private static void ports(List<ObjectNode> ports, boolean isHeadless, String type, FieldErrors errors) {
        var names = new HashSet<String>();
        var numbers = new HashSet<String>();
        var nodePorts = new HashSet<String>();
        for (var i = 0; i < ports.size(); i++) {
            var port = ports.get(i);
            var path = "spec.ports[" + i + "]";
            portName(port, path, ports.size() > 1, names, errors);
            portNumber(port.path("port").asInt(), path + ".port", errors);
            var protocol = Json.text(port, "protocol");
            if (!PROTOCOLS.contains(protocol)) {
                errors.unsupported(path + ".protocol", protocol, PROTOCOLS.toArray(String[]::new));
            }
            targetPort(port, path, isHeadless, errors);
            if (!numbers.add(protocol + ":" + Json.text(port, "port"))) {
                errors.duplicate(path, new FieldErrors.Literal(goPort(protocol, Json.text(port, "port"), "0")));
            }
            var nodePort = port.path("nodePort").asInt();
            if (nodePort != 0) {
                if (type.equals("ClusterIP") || type.equals("ExternalName")) {
                    errors.forbidden(path + ".nodePort", "may not be used when `type` is '" + type + "'");
                } else if (!nodePorts.add(protocol + ":" + nodePort)) {
                    errors.duplicate(path + ".nodePort", new FieldErrors.Literal(goPort(protocol, "0", "" + nodePort)));
                }
            }
        }
    }

    private static String goPort(String protocol, String port, String nodePort) {
        return ("core.ServicePort{Name:\"\", Protocol:\"%s\", AppProtocol:(*string)(nil), Port:%s, "
                        + "TargetPort:intstr.IntOrString{Type:0, IntVal:0, StrVal:\"\"}, NodePort:%s}")
                .formatted(protocol, port, nodePort);
    }

    private static void portName(
            ObjectNode port, String path, boolean isRequired, Set<String> names, FieldErrors errors) {
        var name = Json.text(port, "name");
        if (name.isEmpty()) {
            if (isRequired) {
                errors.required(path + ".name", "");
            }
        } else if (name.length() > 63 || !DNS_LABEL.matcher(name).matches()) {
            errors.invalid(path + ".name", name, Metadata.LABEL_RULE);
        } else if (!names.add(name)) {
            errors.duplicate(path + ".name", name);
        }
    }

    private static void portNumber(int number, String path, FieldErrors errors) {
        if (number < 1 || number > 65_535) {
            errors.invalid(path, number, "must be between 1 and 65535, inclusive");
        }
    }

    private static void targetPort(ObjectNode port, String path, boolean isHeadless, FieldErrors errors) {
        var target = port.path("targetPort");
        if (target.isTextual()) {
            var name = target.asText();
            if (name.length() > 15) {
                errors.invalid(path + ".targetPort", name, "must be no more than 15 characters");
            } else if (!PORT_NAME.matcher(name).matches()) {
                errors.invalid(
                        path + ".targetPort",
                        name,
                        "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-), at least one letter or number (a-z, 0-9)");
            }
        } else {
            portNumber(target.asInt(), path + ".targetPort", errors);
        }
        if (isHeadless && target.isInt() && target.asInt() < 0) {
            errors.invalid(
                    path + ".targetPort", target.asInt(), "must be equal to the value of 'port' when clusterIP = None");
        }
    }

    private static void affinity(JsonNode spec, FieldErrors errors) {
        var affinity = Json.text(spec, "sessionAffinity");
        if (!affinity.equals("None") && !affinity.equals("ClientIP")) {
            errors.unsupported("spec.sessionAffinity", affinity, "ClientIP", "None");
        } else if (affinity.equals("ClientIP")) {
            var seconds = Json.at(spec, "sessionAffinityConfig", "clientIP", "timeoutSeconds")
                    .asInt();
            if (seconds <= 0 || seconds > MAX_AFFINITY_SECONDS) {
                errors.invalid(
                        "spec.sessionAffinityConfig.clientIP.timeoutSeconds",
                        seconds,
                        "must be greater than 0 and less than " + MAX_AFFINITY_SECONDS);
            }
        }
    }

    private static void addresses(JsonNode spec, FieldErrors errors) {
        var clusterIps = Json.texts(spec.path("clusterIPs"));
        var clusterIp = Json.text(spec, "clusterIP");
        if (!clusterIps.isEmpty()
                && !clusterIp.isEmpty()
                && !clusterIps.getFirst().equals(clusterIp)) {
            errors.invalid("spec.clusterIPs", FieldErrors.strings(clusterIps), "first value must match `clusterIP`");
        }
        for (var i = 0; i < clusterIps.size(); i++) {
            if (!clusterIps.get(i).equals("None") && !AddressRange.isAddress(clusterIps.get(i))) {
                errors.invalid(
                        "spec.clusterIPs[" + i + "]",
                        clusterIps.get(i),
                        "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
            }
        }
        var externalIps = Json.texts(spec.path("externalIPs"));
        for (var i = 0; i < externalIps.size(); i++) {
            if (!AddressRange.isAddress(externalIps.get(i))) {
                errors.invalid(
                        "spec.externalIPs[" + i + "]",
                        externalIps.get(i),
                        "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
            }
        }
    }

    /** The field, or where it is empty the annotation. Source: {@code GetLoadBalancerSourceRanges}. */
    private static void sourceRanges(ObjectNode service, FieldErrors errors) {
        var ranges = Json.texts(service.path("spec").path("loadBalancerSourceRanges"));
        var annotated = Json.at(service, "metadata", "annotations").path(SOURCE_RANGES_ANNOTATION);
        if (ranges.isEmpty() && annotated.isMissingNode()) {
            return;
        }
        var field = ranges.isEmpty()
                ? "metadata.annotations[" + SOURCE_RANGES_ANNOTATION + "]"
                : "spec.LoadBalancerSourceRanges";
        if (!ServiceDefaults.type(service).equals("LoadBalancer")) {
            errors.forbidden(field, "may only be used when `type` is 'LoadBalancer'");
        }
        var given = !ranges.isEmpty() || annotated.asText().isBlank()
                ? ranges
                : List.of(annotated.asText().split(",", -1));
        if (!given.stream().map(String::strip).allMatch(AddressRange::isCidr)) {
            errors.invalid(
                    field,
                    ranges.isEmpty() ? annotated.asText() : "[" + String.join(" ", ranges) + "]",
                    "must be a list of IP ranges. For example, 10.240.0.0/24,10.250.0.0/24 ");
        }
    }

    private static void policies(ObjectNode service, FieldErrors errors) {
        var spec = service.path("spec");
        var isLoadBalancer = ServiceDefaults.type(service).equals("LoadBalancer");
        var external = Json.text(spec, "externalTrafficPolicy");
        if (!external.isEmpty() && !ServiceDefaults.isExternallyAccessible(service)) {
            errors.invalid(
                    "spec.externalTrafficPolicy", external, "may only be set for externally-accessible services");
        } else if (!external.isEmpty() && !Set.of("Cluster", "Local").contains(external)) {
            errors.unsupported("spec.externalTrafficPolicy", external, "Cluster", "Local");
        }
        var internal = Json.text(spec, "internalTrafficPolicy");
        if (!internal.isEmpty() && !Set.of("Cluster", "Local").contains(internal)) {
            errors.unsupported("spec.internalTrafficPolicy", internal, "Cluster", "Local");
        }
        if (Json.has(spec, "allocateLoadBalancerNodePorts") && !isLoadBalancer) {
            errors.forbidden("spec.allocateLoadBalancerNodePorts", "may only be used when `type` is 'LoadBalancer'");
        }
        if (Json.has(spec, "loadBalancerClass") && !isLoadBalancer) {
            errors.forbidden("spec.loadBalancerClass", "may only be used when `type` is 'LoadBalancer'");
        }
        var health = spec.path("healthCheckNodePort").asInt();
        if (health != 0 && !ServiceDefaults.needsHealthCheckPort(service)) {
            errors.invalid(
                    "spec.healthCheckNodePort",
                    health,
                    "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'");
        }
        var policy = Json.text(spec, "ipFamilyPolicy");
        if (!policy.isEmpty()
                && !Set.of("SingleStack", "PreferDualStack", "RequireDualStack").contains(policy)) {
            errors.unsupported("spec.ipFamilyPolicy", policy, "SingleStack", "PreferDualStack", "RequireDualStack");
        }
        var families = Json.texts(spec.path("ipFamilies"));
        if (families.size() == 2 && policy.equals("SingleStack")) {
            errors.invalid(
                    "spec.ipFamilyPolicy",
                    policy,
                    "must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified");
        }
        if (families.size() == 2 && families.getFirst().equals(families.getLast())) {
            errors.duplicate("spec.ipFamilies[1]", families.getLast());
        }
    }

    /** What may not change once it is set. */
    static void validateUpdate(ObjectNode before, ObjectNode after, FieldErrors errors) {
        var old = before.path("spec");
        var spec = after.path("spec");
        var isOther = ServiceDefaults.type(before).equals("ExternalName")
                || ServiceDefaults.type(after).equals("ExternalName");
        if (!isOther) {
            var was = Json.texts(old.path("clusterIPs"));
            var is = Json.texts(spec.path("clusterIPs"));
            if (!was.isEmpty() && !is.isEmpty() && !was.getFirst().equals(is.getFirst())) {
                errors.invalid("spec.clusterIPs[0]", FieldErrors.strings(is), "may not change once set");
            }
            var family = Json.texts(old.path("ipFamilies"));
            var families = Json.texts(spec.path("ipFamilies"));
            if (!family.isEmpty() && !families.isEmpty() && !family.getFirst().equals(families.getFirst())) {
                errors.invalid("spec.ipFamilies[0]", FieldErrors.strings(families), "may not change once set");
            }
        }
        if (ServiceDefaults.needsHealthCheckPort(before)
                && ServiceDefaults.needsHealthCheckPort(after)
                && !old.path("healthCheckNodePort").equals(spec.path("healthCheckNodePort"))) {
            errors.forbidden("spec.healthCheckNodePort", "field is immutable");
        }
        var bothBalanced = ServiceDefaults.type(before).equals("LoadBalancer")
                && ServiceDefaults.type(after).equals("LoadBalancer");
        if (bothBalanced && !old.path("loadBalancerClass").equals(spec.path("loadBalancerClass"))) {
            errors.invalid("spec.loadBalancerClass", Json.text(spec, "loadBalancerClass"), "may not change once set");
        }
    }

    /** The rules for a write of the status. */
    static void validateStatus(ObjectNode service, FieldErrors errors) {
        var ingresses = Json.objects(Json.at(service, "status", "loadBalancer", "ingress"));
        var path = "status.loadBalancer.ingress";
        if (!ingresses.isEmpty() && !ServiceDefaults.type(service).equals("LoadBalancer")) {
            errors.forbidden(path, "may only be used when `spec.type` is \"LoadBalancer\"");
            return;
        }
        for (var i = 0; i < ingresses.size(); i++) {
            var ingress = ingresses.get(i);
            var ip = Json.text(ingress, "ip");
            var at = path + "[" + i + "]";
            if (!ip.isEmpty() && !AddressRange.isAddress(ip)) {
                errors.invalid(at + ".ip", ip, "must be a valid IP address");
            }
            if (!ip.isEmpty()) {
                Json.putDefault(ingress, "ipMode", "VIP");
            }
            var mode = Json.text(ingress, "ipMode");
            if (!mode.isEmpty() && ip.isEmpty()) {
                errors.forbidden(at + ".ipMode", "may not be specified when `ip` is not set");
            } else if (!mode.isEmpty() && !mode.equals("VIP") && !mode.equals("Proxy")) {
                errors.unsupported(at + ".ipMode", mode, "Proxy", "VIP");
            }
            var hostname = Json.text(ingress, "hostname");
            if (!hostname.isEmpty() && !Metadata.isSubdomain(hostname)) {
                errors.invalid(at + ".hostname", hostname, Metadata.SUBDOMAIN_RULE);
            } else if (AddressRange.isAddress(hostname)) {
                errors.invalid(at + ".hostname", hostname, "must be a DNS name, not an IP address");
            }
        }
    }
}
