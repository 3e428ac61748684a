package io.ballast.testbed.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The cluster as its controllers see it: objects, the time of this pass, and a way to be woken later. Runs them until nothing is left to do. */
final class Cluster {
    private static final int MAX_PASSES = 1_000_000;

    private record Task(Controller controller, ObjectStore.Key key) {}

    private final ObjectStore store;
    private final ResourceCatalog catalog;
    private final Lifecycle lifecycle;
    private final Names names;
    private final KubernetesSettings settings;
    private final List<Controller> controllers = new ArrayList<>();
    private final SequencedSet<Task> dirty = new LinkedHashSet<>();
    private final SequencedSet<Task> late = new LinkedHashSet<>();
    private final TreeMap<Instant, SequencedSet<Task>> alarms = new TreeMap<>();
    private @Nullable Task running;
    private Instant now;

    Cluster(
            ObjectStore store,
            ResourceCatalog catalog,
            Lifecycle lifecycle,
            Names names,
            KubernetesSettings settings,
            Instant now) {
        this.store = store;
        this.catalog = catalog;
        this.lifecycle = lifecycle;
        this.names = names;
        this.settings = settings;
        this.now = now;
        store.onChange(this::route);
    }

    void add(Controller controller) {
        controllers.add(controller);
    }

    private void route(ObjectStore.Change change) {
        for (var controller : controllers) {
            var queue = controller.isLate() ? late : dirty;
            controller.route(change, key -> {
                var task = new Task(controller, key);
                if (!(controller.isLate() && task.equals(running))) { // what a late one writes itself is no news to it
                    queue.add(task);
                }
            });
        }
    }

    /** Runs all that is due by {@code time}. */
    void advance(Instant time) {
        now = time.isAfter(now) ? time : now;
        for (var pass = 0; ; pass++) {
            while (!alarms.isEmpty() && !alarms.firstKey().isAfter(now)) {
                dirty.addAll(alarms.pollFirstEntry().getValue());
            }
            var queue = dirty.isEmpty() ? late : dirty;
            if (queue.isEmpty()) {
                return;
            }
            if (pass > MAX_PASSES) {
                throw new IllegalStateException("controllers do not settle, last task " + queue.getFirst());
            }
            var task = queue.removeFirst();
            running = task;
            task.controller().reconcile(task.key());
            running = null;
        }
    }

    /** When {@link #advance} has something to do next; empty when only a write can bring more. */
    Optional<Instant> nextChange() {
        if (!dirty.isEmpty() || !late.isEmpty()) {
            return Optional.of(now);
        }
        return alarms.isEmpty() ? Optional.empty() : Optional.of(alarms.firstKey());
    }

    void wake(Instant at, Controller controller, ObjectStore.Key key) {
        alarms.computeIfAbsent(at, _ -> new LinkedHashSet<>()).add(new Task(controller, key));
    }

    Instant now() {
        return now;
    }

    void setNow(Instant time) {
        now = time.isAfter(now) ? time : now;
    }

    KubernetesSettings settings() {
        return settings;
    }

    Names names() {
        return names;
    }

    ObjectStore store() {
        return store;
    }

    ResourceType type(String storage) {
        return catalog.storage(storage);
    }

    /** The type of an owner reference, if it is served. */
    Optional<ResourceType> typeOf(String apiVersion, String kind) {
        return catalog.all().stream()
                .filter(type -> type.kind().equals(kind) && type.apiVersion().equals(apiVersion))
                .findFirst();
    }

    Optional<ObjectNode> get(ObjectStore.Key key) {
        return store.get(key);
    }

    List<ObjectNode> list(String storage, String namespace) {
        return store.list(storage, namespace);
    }

    /** Live objects of a table that this owner controls, in the order of their names. */
    List<ObjectNode> controlledBy(ObjectNode owner, String storage) {
        return store.dependentsOf(Meta.uid(owner)).stream()
                .filter(key -> key.storage().equals(storage))
                .sorted()
                .flatMap(key -> store.get(key).stream())
                .filter(object -> Meta.controller(object)
                        .filter(reference -> Json.text(reference, "uid").equals(Meta.uid(owner)))
                        .isPresent())
                .toList();
    }

    /** A new object of a type, with its names set. */
    ObjectNode blank(String storage, String namespace, String name) {
        var type = type(storage);
        var object = Json.object().put("kind", type.kind()).put("apiVersion", type.apiVersion());
        var meta = object.putObject("metadata").put("name", name);
        if (!namespace.isEmpty()) {
            meta.put("namespace", namespace);
        }
        return object;
    }

    ObjectNode create(String storage, ObjectNode object) {
        return lifecycle.create(type(storage), object, now);
    }

    /** Writes the object unless it is as it was. */
    ObjectNode update(String storage, ObjectNode before, ObjectNode after) {
        return lifecycle.replace(type(storage), before, after, false).object();
    }

    void delete(String storage, ObjectNode object) {
        var grace = storage.equals("/pods")
                ? Json.at(object, "spec", "terminationGracePeriodSeconds").asLong(30)
                : 0;
        if (!Meta.isDeleting(object)) {
            lifecycle.delete(type(storage), object, grace, now, false);
        }
    }

    /** Ends the grace of a pod. */
    void deleteNow(String storage, ObjectNode object) {
        lifecycle.delete(type(storage), object, 0, now, false);
    }

    /** Sets a condition; the transition time moves only when the status does. */
    void condition(ObjectNode status, String type, boolean holds, String reason, String message) {
        var conditions = Json.childArray(status, "conditions");
        var value = holds ? "True" : "False";
        var existing = Json.objects(conditions).stream()
                .filter(condition -> Json.text(condition, "type").equals(type))
                .findFirst();
        var condition = existing.orElseGet(conditions::addObject);
        if (!Json.text(condition, "status").equals(value)) {
            condition.put("type", type).put("status", value).put("lastTransitionTime", Meta.time(now));
        }
        if (!reason.isEmpty()) {
            condition.put("reason", reason).put("message", message);
        } else {
            condition.remove(List.of("reason", "message"));
        }
    }
}
