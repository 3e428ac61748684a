package io.ballast.testbed.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/** Defaults and rules by kind, between a decoded request and the store. Throws 400 or 422 with every fault it found. */
final class Admission {
    private static final Set<String> TEMPLATED =
            Set.of("apps/deployments", "apps/replicasets", "apps/statefulsets", "apps/daemonsets", "batch/jobs");
    private static final int MAX_EVENT_NOTE = 1024;

    private final ServiceDefaults services;

    Admission(ServiceAllocations allocations) {
        this.services = new ServiceDefaults(allocations);
    }

    void create(ResourceType type, ObjectNode object, boolean dryRun) {
        var errors = new FieldErrors();
        Metadata.decode(type, object);
        if (type.has("status") && !type.storage().equals("/nodes")) {
            object.remove("status");
        }
        Metadata.validate(type, object, errors);
        switch (type.storage()) {
            case "/services" -> {
                ServiceValidation.decode(object);
                ServiceDefaults.fill(object);
                ServiceValidation.validate(object, errors);
                errors.throwIfAny(type, Meta.name(object));
                services.families(object, errors);
                errors.throwIfAny(type, Meta.name(object));
                services.allocate(object, Meta.key(type, object), errors, dryRun);
            }
            case "/namespaces" -> {
                Json.childArray(Json.child(object, "spec"), "finalizers")
                        .removeAll()
                        .add("kubernetes");
                Json.child(object, "metadata", "labels").put("kubernetes.io/metadata.name", Meta.name(object));
                Json.child(object, "status").put("phase", "Active");
            }
            case "/pods" -> {
                WorkloadDefaults.podSpec(Json.child(object, "spec"), "Always");
                Json.child(object, "status").put("phase", "Pending").put("qosClass", "BestEffort");
            }
            case "/events" -> event(type, object, errors);
            default -> common(type, object, errors);
        }
        errors.throwIfAny(type, Meta.name(object));
    }

    /** Rules of kinds whose create and update look alike. */
    private static void common(ResourceType type, ObjectNode object, FieldErrors errors) {
        if (TEMPLATED.contains(type.storage())) {
            WorkloadDefaults.fill(type, object);
            WorkloadDefaults.validate(type, object, errors);
        }
        switch (type.storage()) {
            case "/secrets" -> secret(object);
            case "/endpoints" -> endpoints(object, errors);
            case "discovery.k8s.io/endpointslices" -> endpointSlice(object, errors);
            default -> {}
        }
    }

    void update(ResourceType type, ObjectNode before, ObjectNode after, boolean dryRun) {
        var errors = new FieldErrors();
        Metadata.decode(type, after);
        if (type.has("status")) {
            Json.setOrRemove(after, "status", before.path("status"));
            if (Json.has(before, "status")) {
                after.set("status", before.path("status").deepCopy());
            }
        }
        Metadata.validate(type, after, errors);
        Metadata.validateUpdate(before, after, errors);
        switch (type.storage()) {
            case "/services" -> updateService(type, before, after, errors, dryRun);
            case "/namespaces" -> {
                Json.child(after, "metadata", "labels").put("kubernetes.io/metadata.name", Meta.name(after));
                Json.child(after, "spec").set("finalizers", Json.at(before, "spec", "finalizers"));
            }
            case "/pods" -> WorkloadDefaults.podSpec(Json.child(after, "spec"), "Always");
            case "/events" -> {}
            default -> {
                common(type, after, errors);
                immutable(type, before, after, errors);
            }
        }
        errors.throwIfAny(type, Meta.name(after));
    }

    private void updateService(
            ResourceType type, ObjectNode before, ObjectNode after, FieldErrors errors, boolean dryRun) {
        ServiceValidation.decode(after);
        ServiceDefaults.fill(after);
        ServiceDefaults.carryOver(before, after);
        ServiceDefaults.dropWhatTheTypeForbids(before, after);
        ServiceValidation.validate(after, errors);
        ServiceValidation.validateUpdate(before, after, errors);
        errors.throwIfAny(type, Meta.name(after));
        services.families(after, errors);
        errors.throwIfAny(type, Meta.name(after));
        services.allocate(after, Meta.key(type, after), errors, dryRun);
        if (ServiceDefaults.type(after).equals("ExternalName")) {
            Json.child(after, "spec").remove(List.of("clusterIP", "clusterIPs"));
        }
    }

    private static void immutable(ResourceType type, ObjectNode before, ObjectNode after, FieldErrors errors) {
        var isWorkload = TEMPLATED.contains(type.storage());
        if (isWorkload && !Json.at(before, "spec", "selector").equals(Json.at(after, "spec", "selector"))) {
            errors.invalid(
                    "spec.selector",
                    new FieldErrors.Literal(Json.at(after, "spec", "selector").toString()),
                    "field is immutable");
        }
        if (type.storage().equals("discovery.k8s.io/endpointslices")
                && !before.path("addressType").equals(after.path("addressType"))) {
            errors.invalid("addressType", Json.text(after, "addressType"), "field is immutable");
        }
        if ((type.storage().equals("/configmaps") || type.storage().equals("/secrets"))
                && before.path("immutable").asBoolean()
                && !before.path("data").equals(after.path("data"))) {
            errors.forbidden("data", "field is immutable when `immutable` is set");
        }
    }

    /** A write of the status subresource: {@code after} has the new status; the spec stays. */
    void updateStatus(ResourceType type, ObjectNode before, ObjectNode after) {
        var errors = new FieldErrors();
        Metadata.decode(type, after);
        Json.setOrRemove(after, "spec", before.path("spec"));
        for (var field : new String[] {"data", "rules", "webhooks"}) {
            Json.setOrRemove(after, field, before.path(field));
        }
        if (type.custom()) {
            after.set("metadata", before.path("metadata").deepCopy());
        } else {
            Metadata.validate(type, after, errors);
            Metadata.validateUpdate(before, after, errors);
        }
        if (type.storage().equals("/services")) {
            ServiceValidation.validateStatus(after, errors);
            Json.child(after, "status", "loadBalancer");
        }
        errors.throwIfAny(type, Meta.name(after));
    }

    private static void secret(ObjectNode secret) {
        Json.putDefault(secret, "type", "Opaque");
        for (var entry : secret.path("stringData").properties()) {
            var bytes = entry.getValue().asText().getBytes(StandardCharsets.UTF_8);
            Json.child(secret, "data").put(entry.getKey(), Base64.getEncoder().encodeToString(bytes));
        }
        secret.remove("stringData");
    }

    private static void endpoints(ObjectNode endpoints, FieldErrors errors) {
        var subsets = Json.objects(endpoints.path("subsets"));
        for (var s = 0; s < subsets.size(); s++) {
            for (var list : new String[] {"addresses", "notReadyAddresses"}) {
                var addresses = Json.objects(subsets.get(s).path(list));
                for (var a = 0; a < addresses.size(); a++) {
                    endpointAddress(
                            "subsets[%d].%s[%d].ip".formatted(s, list, a), Json.text(addresses.get(a), "ip"), errors);
                }
            }
            for (var port : Json.objects(subsets.get(s).path("ports"))) {
                Json.putDefault(port, "protocol", "TCP");
            }
        }
    }

    private static void endpointAddress(String field, String address, FieldErrors errors) {
        if (!AddressRange.isAddress(address)) {
            errors.invalid(field, address, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
        } else if (address.startsWith("127.") || AddressRange.canonical(address).equals("::1")) {
            errors.invalid(field, address, "may not be in the loopback range (127.0.0.0/8, ::1/128)");
        } else if (address.startsWith("169.254.")) {
            errors.invalid(field, address, "may not be in the link-local range (169.254.0.0/16, fe80::/10)");
        }
    }

    private static void endpointSlice(ObjectNode slice, FieldErrors errors) {
        var type = Json.text(slice, "addressType");
        if (type.isEmpty()) {
            errors.required("addressType", "");
        } else if (!Set.of("IPv4", "IPv6", "FQDN").contains(type)) {
            errors.unsupported("addressType", type, "IPv4", "IPv6", "FQDN");
        }
        var endpoints = Json.objects(slice.path("endpoints"));
        if (endpoints.size() > 1000) {
            errors.invalid("endpoints", endpoints.size(), "must have at most 1000 items");
        }
        for (var e = 0; e < endpoints.size(); e++) {
            var addresses = Json.texts(endpoints.get(e).path("addresses"));
            if (addresses.isEmpty()) {
                errors.required("endpoints[%d].addresses".formatted(e), "must contain at least 1 address");
            }
            for (var a = 0; a < addresses.size(); a++) {
                var field = "endpoints[%d].addresses[%d]".formatted(e, a);
                if (!type.equals("FQDN")) {
                    endpointAddress(field, addresses.get(a), errors);
                    if (!ServiceAllocations.family(addresses.get(a)).equals(type)) {
                        errors.invalid(field, addresses.get(a), "must be a valid " + type + " address");
                    }
                }
            }
        }
        for (var port : Json.objects(slice.path("ports"))) {
            Json.putDefault(port, "protocol", "TCP");
            Json.putDefault(port, "name", "");
        }
    }

    /** Events in their core form; only what came through {@code events.k8s.io} is held to the strict rules. */
    private static void event(ResourceType type, ObjectNode event, FieldErrors errors) {
        var namespace = Meta.namespace(event);
        var about = Json.text(event, "involvedObject", "namespace");
        var matches = about.isEmpty() ? namespace.equals("default") : about.equals(namespace);
        var isNew = type.group().equals("events.k8s.io");
        var field = isNew ? "regarding.namespace" : "involvedObject.namespace";
        if (!matches) {
            errors.invalid(field, about, "does not match event.namespace");
        }
        if (isNew) {
            strictEvent(event, errors);
        }
    }

    private static void strictEvent(JsonNode event, FieldErrors errors) {
        if (Json.text(event, "eventTime").isEmpty()) {
            errors.required("eventTime", "");
        }
        if (!Set.of("Normal", "Warning").contains(Json.text(event, "type"))) {
            errors.invalid("type", Json.text(event, "type"), "has invalid value: " + Json.text(event, "type"));
        }
        for (var field : new String[] {"firstTimestamp", "lastTimestamp", "count", "source"}) {
            if (!Json.at(event, field).isEmpty() || !Json.text(event, field).isEmpty()) {
                errors.invalid(field, Json.text(event, field), "needs to be unset");
            }
        }
        if (Json.text(event, "reportingComponent").isEmpty()) {
            errors.required("reportingController", "");
        }
        for (var field : new String[] {"reportingInstance", "action", "reason"}) {
            var text = Json.text(event, field);
            if (text.isEmpty()) {
                errors.required(field, "");
            } else if (text.length() > 128) {
                errors.invalid(field, text, "can have at most 128 characters");
            }
        }
        if (Json.text(event, "message").length() > MAX_EVENT_NOTE) {
            errors.invalid("message", "", "can have at most 1024 characters");
        }
    }
}
