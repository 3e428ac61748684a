package io.ballast.testbed.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Set;

/** What every write does, whoever makes it: uid, times, generation, no write when nothing changed, finalizers and graceful deletion. */
final class Lifecycle {
    /** Kinds of the core group have no generation, except what is listed; all others have one, except these. */
    private static final Set<String> WITHOUT_GENERATION = Set.of(
            "coordination.k8s.io/leases",
            "rbac.authorization.k8s.io/roles",
            "rbac.authorization.k8s.io/rolebindings",
            "rbac.authorization.k8s.io/clusterroles",
            "rbac.authorization.k8s.io/clusterrolebindings",
            "storage.k8s.io/storageclasses",
            "apps/controllerrevisions",
            "apiregistration.k8s.io/apiservices");

    private final ObjectStore store;
    private final Names names;

    Lifecycle(ObjectStore store, Names names) {
        this.store = store;
        this.names = names;
    }

    /** Whether an object was written, and what is (or with a dry run would be) there now; {@code gone} when nothing is. */
    record Written(ObjectNode object, boolean gone) {}

    private static boolean hasGeneration(ResourceType type) {
        return !type.group().isEmpty()
                && !type.storage().startsWith("/")
                && !WITHOUT_GENERATION.contains(type.storage());
    }

    /** Gives a new object its identity. */
    void identify(ResourceType type, ObjectNode object, Instant now) {
        var meta = Meta.of(object);
        meta.put("uid", names.uid());
        meta.put("creationTimestamp", Meta.time(now));
        meta.remove("resourceVersion");
        meta.remove("deletionTimestamp");
        meta.remove("deletionGracePeriodSeconds");
        if (hasGeneration(type)) {
            meta.put("generation", 1);
        } else {
            meta.remove("generation");
        }
        meta.remove("selfLink");
    }

    ObjectNode create(ResourceType type, ObjectNode object, Instant now) {
        identify(type, object, now);
        return store.put(Meta.key(type, object), object);
    }

    /**
     * Writes {@code after} in place of {@code before}: identity is kept, the generation rises when anything but metadata and status
     * changed, an object whose deletion waited for its last finalizer goes, and equal objects are not written at all.
     */
    Written replace(ResourceType type, ObjectNode before, ObjectNode after, boolean dryRun) {
        var meta = Meta.of(after);
        for (var field : new String[] {
            "uid",
            "name",
            "namespace",
            "creationTimestamp",
            "generation",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "resourceVersion"
        }) {
            Json.setOrRemove(meta, field, Json.at(before, "metadata", field));
        }
        meta.remove("selfLink");
        if (hasGeneration(type) && !withoutStatus(before).equals(withoutStatus(after))) {
            meta.put("generation", Meta.generation(before) + 1);
        }
        if (sameButTimes(before, after)) {
            return new Written(before, false);
        }
        if (dryRun) {
            return new Written(after, false);
        }
        var stored = store.put(Meta.key(type, after), after);
        if (Meta.isDeleting(stored) && isReleased(type, stored)) {
            return new Written(store.remove(Meta.key(type, stored)), true);
        }
        return new Written(stored, false);
    }

    private static boolean isReleased(ResourceType type, ObjectNode object) {
        return Meta.finalizers(object).isEmpty()
                && Json.at(object, "metadata", "deletionGracePeriodSeconds").asLong() == 0
                && !isNamespaceInUse(type, object);
    }

    private static boolean isNamespaceInUse(ResourceType type, ObjectNode object) {
        return type.storage().equals("/namespaces")
                && !Json.at(object, "spec", "finalizers").isEmpty();
    }

    private static JsonNode withoutStatus(ObjectNode object) {
        var copy = Json.object();
        copy.setAll(object);
        copy.remove("status");
        copy.remove("metadata");
        copy.remove("apiVersion");
        return copy;
    }

    private static boolean sameButTimes(ObjectNode before, ObjectNode after) {
        if (before.equals(after)) {
            return true;
        }
        if (!Json.has(before, "metadata", "managedFields") || !Json.has(after, "metadata", "managedFields")) {
            return false;
        }
        return withoutFieldTimes(before).equals(withoutFieldTimes(after));
    }

    private static ObjectNode withoutFieldTimes(ObjectNode object) {
        var copy = Json.shallow(object);
        for (var entry : Json.objects(Json.at(copy, "metadata", "managedFields"))) {
            entry.remove("time");
        }
        return copy;
    }

    /**
     * Deletes, or marks as deleting what has finalizers or a grace period (seconds, 0 for none).
     * The answer of a repeated delete is the object as it is.
     */
    Written delete(ResourceType type, ObjectNode object, long graceSeconds, Instant now, boolean dryRun) {
        var key = Meta.key(type, object);
        var mayGo = Meta.finalizers(object).isEmpty() && !isNamespaceInUse(type, object);
        if (mayGo && graceSeconds == 0) {
            return new Written(dryRun ? object : store.remove(key), true);
        }
        var marked = object.deepCopy();
        var meta = Meta.of(marked);
        var graceBefore =
                Json.at(object, "metadata", "deletionGracePeriodSeconds").asLong(Long.MAX_VALUE);
        if (Meta.isDeleting(object) && graceSeconds >= graceBefore) {
            return new Written(object, false);
        }
        meta.put("deletionTimestamp", Meta.time(now.plusSeconds(graceSeconds)));
        meta.put("deletionGracePeriodSeconds", graceSeconds);
        if (hasGeneration(type)) {
            meta.put("generation", Meta.generation(object) + 1);
        }
        if (type.storage().equals("/namespaces")) {
            Json.child(marked, "status").put("phase", "Terminating");
        }
        return new Written(dryRun ? marked : store.put(key, marked), false);
    }
}
