package io.ballast.testbed.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A parsed field selector over the fields each kind supports. */
record FieldSelector(List<Requirement> requirements) {
    static final FieldSelector EVERYTHING = new FieldSelector(List.of());

    private static final Set<String> EVERY_KIND = Set.of("metadata.name", "metadata.namespace");
    private static final Map<String, Set<String>> BY_STORAGE = Map.of(
            "/pods",
            Set.of(
                    "spec.nodeName",
                    "spec.restartPolicy",
                    "spec.schedulerName",
                    "spec.serviceAccountName",
                    "spec.hostNetwork",
                    "status.phase",
                    "status.podIP",
                    "status.nominatedNodeName"),
            "/events",
            Set.of(
                    "involvedObject.kind",
                    "involvedObject.namespace",
                    "involvedObject.name",
                    "involvedObject.uid",
                    "involvedObject.apiVersion",
                    "involvedObject.resourceVersion",
                    "involvedObject.fieldPath",
                    "reason",
                    "reportingComponent",
                    "source",
                    "type"),
            "/services",
            Set.of("spec.clusterIP", "spec.type"),
            "/nodes",
            Set.of("spec.unschedulable"),
            "/secrets",
            Set.of("type"),
            "/namespaces",
            Set.of("status.phase"),
            "apps/replicasets",
            Set.of("status.replicas"));

    FieldSelector {
        requirements = List.copyOf(requirements);
    }

    /** One comparison; an absent field compares as empty text. */
    record Requirement(String path, String value, boolean negated) {
        boolean holds(JsonNode object) {
            var found = Json.text(object, path.split("\\.", -1));
            if (found.isEmpty() && (path.equals("spec.unschedulable") || path.equals("spec.hostNetwork"))) {
                found = "false";
            }
            if (path.equals("source")) {
                found = Json.text(object, "source", "component");
            }
            return negated != found.equals(value);
        }
    }

    boolean matches(JsonNode object) {
        return requirements.stream().allMatch(requirement -> requirement.holds(object));
    }

    boolean isEverything() {
        return requirements.isEmpty();
    }

    /** Parses the query parameter. Throws 400 for a field that this kind cannot be selected by. */
    static FieldSelector parse(ResourceType type, String text) {
        var requirements = new ArrayList<Requirement>();
        for (var part : text.split(",", -1)) {
            if (!part.isBlank()) {
                requirements.add(requirement(type, text, part));
            }
        }
        return new FieldSelector(requirements);
    }

    private static Requirement requirement(ResourceType type, String whole, String part) {
        var negated = part.contains("!=");
        var sides = part.split(negated ? "!=" : "==?", 2);
        if (sides.length < 2) {
            throw ApiError.badRequest("invalid selector: '" + whole + "'; can't understand '" + part + "'");
        }
        var label = sides[0].strip();
        var path = label.replace("regarding.", "involvedObject.").replace("reportingController", "reportingComponent");
        if (!EVERY_KIND.contains(path)
                && !BY_STORAGE.getOrDefault(type.storage(), Set.of()).contains(path)) {
            throw ApiError.badRequest(
                    "Unable to find \"%s, Resource=%s\" that match label selector \"\", field selector \"%s\": %s"
                            .formatted(
                                    type.group().isEmpty() ? "/" + type.version() : type.apiVersion(),
                                    type.plural(),
                                    whole,
                                    type.custom()
                                            ? "field label not supported: " + label
                                            : "field label \"%s\" not supported for %s".formatted(label, type.kind())));
        }
        return new Requirement(path, sides[1].strip(), negated);
    }
}
