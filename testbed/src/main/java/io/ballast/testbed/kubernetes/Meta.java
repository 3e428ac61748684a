package io.ballast.testbed.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the {@code metadata} of an object. */
final class Meta {
    private Meta() {}

    static String name(JsonNode object) {
        return Json.text(object, "metadata", "name");
    }

    /** The namespace, empty for what has none. */
    static String namespace(JsonNode object) {
        return Json.text(object, "metadata", "namespace");
    }

    static String uid(JsonNode object) {
        return Json.text(object, "metadata", "uid");
    }

    static long revision(JsonNode object) {
        return Json.at(object, "metadata", "resourceVersion").asLong();
    }

    static long generation(JsonNode object) {
        return Json.at(object, "metadata", "generation").asLong();
    }

    static Map<String, String> labels(JsonNode object) {
        return Json.textMap(Json.at(object, "metadata", "labels"));
    }

    static String label(JsonNode object, String key) {
        return Json.text(object, "metadata", "labels", key);
    }

    static String annotation(JsonNode object, String key) {
        return Json.text(object, "metadata", "annotations", key);
    }

    static List<String> finalizers(JsonNode object) {
        return Json.texts(Json.at(object, "metadata", "finalizers"));
    }

    static boolean isDeleting(JsonNode object) {
        return Json.has(object, "metadata", "deletionTimestamp");
    }

    static ObjectNode of(ObjectNode object) {
        return Json.child(object, "metadata");
    }

    /** The owner that controls this object. */
    static Optional<ObjectNode> controller(JsonNode object) {
        return Json.objects(Json.at(object, "metadata", "ownerReferences")).stream()
                .filter(owner -> owner.path("controller").asBoolean())
                .findFirst();
    }

    /** A controlling owner reference to an object. */
    static ObjectNode ownerReference(ResourceType type, ObjectNode owner) {
        return Json.object()
                .put("apiVersion", type.apiVersion())
                .put("kind", type.kind())
                .put("name", name(owner))
                .put("uid", uid(owner))
                .put("controller", true)
                .put("blockOwnerDeletion", true);
    }

    static ObjectStore.Key key(ResourceType type, JsonNode object) {
        return new ObjectStore.Key(type.storage(), namespace(object), name(object));
    }

    /** A time as {@code metav1.Time} writes it: whole seconds, UTC. */
    static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
