package io.ballast.testbed.kubernetes;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How the lists of the built-in kinds merge, by the name of the field and of the field (or list) around it. Source:
 * {@code patchMergeKey} and {@code x-kubernetes-list-map-keys} in the API's OpenAPI document.
 */
final class MergeKeys {
    private static final Map<String, String> BY_FIELD = Map.ofEntries(
            Map.entry("containers", "name"),
            Map.entry("initContainers", "name"),
            Map.entry("ephemeralContainers", "name"),
            Map.entry("volumes", "name"),
            Map.entry("env", "name"),
            Map.entry("imagePullSecrets", "name"),
            Map.entry("secrets", "name"),
            Map.entry("webhooks", "name"),
            Map.entry("volumeMounts", "mountPath"),
            Map.entry("volumeDevices", "devicePath"),
            Map.entry("hostAliases", "ip"),
            Map.entry("podIPs", "ip"),
            Map.entry("hostIPs", "ip"),
            Map.entry("ownerReferences", "uid"),
            Map.entry("topologySpreadConstraints", "topologyKey"),
            Map.entry("conditions", "type"));
    private static final Set<String> PRIMITIVE_MERGED = Set.of("finalizers");

    private MergeKeys() {}

    /** The strategic merge key of a list of objects, empty when a patch replaces the list whole. */
    static String strategic(String parent, String field) {
        if (field.equals("ports")) {
            return switch (parent) {
                case "containers", "initContainers" -> "containerPort";
                case "spec" -> "port";
                default -> "";
            };
        }
        if (field.equals("addresses")) {
            return parent.equals("status") ? "type" : "";
        }
        return BY_FIELD.getOrDefault(field, "");
    }

    /** The keys that tell the entries of a list apart in server-side apply, empty for an atomic list. */
    static List<String> apply(String parent, String field) {
        if (field.equals("ports")) {
            return switch (parent) {
                case "containers", "initContainers" -> List.of("containerPort", "protocol");
                case "spec" -> List.of("port", "protocol");
                default -> List.of();
            };
        }
        if (field.equals("topologySpreadConstraints")) {
            return List.of("topologyKey", "whenUnsatisfiable");
        }
        var key = strategic(parent, field);
        return key.isEmpty() ? List.of() : List.of(key);
    }

    /** Whether a list of plain values is a set that merges. */
    static boolean isSet(String field) {
        return PRIMITIVE_MERGED.contains(field);
    }
}
