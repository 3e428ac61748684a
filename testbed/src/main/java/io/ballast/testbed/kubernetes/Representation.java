package io.ballast.testbed.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** How a stored object looks in the version it is asked for, and back. Only Events have two shapes. */
final class Representation {
    /** Field names of {@code events.k8s.io/v1} and what the stored (core) form calls them. */
    private static final Map<String, String> EVENT_FIELDS = Map.of(
            "regarding", "involvedObject",
            "note", "message",
            "deprecatedSource", "source",
            "deprecatedFirstTimestamp", "firstTimestamp",
            "deprecatedLastTimestamp", "lastTimestamp",
            "deprecatedCount", "count",
            "reportingController", "reportingComponent");

    private Representation() {}

    static boolean isTableWanted(String accept) {
        return accept.contains("as=Table");
    }

    /** The object as clients of this type see it; shares what it can with the stored one. */
    static ObjectNode show(ResourceType type, ObjectNode stored) {
        var shown = Json.object().put("kind", type.kind()).put("apiVersion", type.apiVersion());
        for (var entry : stored.properties()) {
            if (!entry.getKey().equals("kind") && !entry.getKey().equals("apiVersion")) {
                shown.set(entry.getKey(), entry.getValue());
            }
        }
        if (type.group().equals("events.k8s.io")) {
            EVENT_FIELDS.forEach((shownAs, storedAs) -> rename(shown, storedAs, shownAs));
        }
        return shown;
    }

    /** The object as it is stored. */
    static ObjectNode store(ResourceType type, ObjectNode given) {
        var stored = given.deepCopy();
        if (type.group().equals("events.k8s.io")) {
            EVENT_FIELDS.forEach((shownAs, storedAs) -> rename(stored, shownAs, storedAs));
        }
        stored.put("kind", type.kind());
        stored.put("apiVersion", type.storage().equals("/events") ? "v1" : type.apiVersion());
        return stored;
    }

    private static void rename(ObjectNode object, String from, String to) {
        JsonNode value = object.remove(from);
        if (value != null) {
            object.set(to, value);
        }
    }
}
