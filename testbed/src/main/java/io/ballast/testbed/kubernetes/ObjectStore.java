package io.ballast.testbed.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The objects, and the log of what happened to them: every write takes the next revision, which becomes the object's
 * {@code resourceVersion}. Stored objects are never changed in place, so readers may keep them. Any state since the last compaction can
 * be listed again.
 */
final class ObjectStore {
    /** Identity of an object: its table, its namespace (empty for cluster-wide ones) and its name. Orders as the API lists. */
    record Key(String storage, String namespace, String name) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            var bySpace = namespace.compareTo(other.namespace);
            return bySpace != 0 ? bySpace : name.compareTo(other.name);
        }
    }

    /** One write. {@code after} is null for a removal; {@code before} then is the last state, with the revision of the removal. */
    record Change(
            long revision,
            Key key,
            @Nullable ObjectNode before,
            @Nullable ObjectNode after) {
        ObjectNode latest() {
            var object = after != null ? after : before;
            if (object == null) {
                throw new IllegalStateException("a change of nothing: " + key);
            }
            return object;
        }
    }

    private final Map<String, NavigableMap<Key, ObjectNode>> tables = new HashMap<>();
    private final Map<String, Set<Key>> dependents = new HashMap<>();
    private final List<Change> log = new ArrayList<>();
    private final List<Consumer<Change>> listeners = new ArrayList<>();
    private final int historyLimit;
    private long compacted;
    private long revision;

    ObjectStore(int historyLimit) {
        this.historyLimit = historyLimit;
    }

    void onChange(Consumer<Change> listener) {
        listeners.add(listener);
    }

    long revision() {
        return revision;
    }

    /** The oldest revision a watch may go on from. */
    long compacted() {
        return compacted;
    }

    Optional<ObjectNode> get(Key key) {
        return Optional.ofNullable(table(key.storage()).get(key));
    }

    /** All objects of a table, or of one namespace of it, in order. */
    List<ObjectNode> list(String storage, String namespace) {
        return List.copyOf(within(table(storage), storage, namespace).values());
    }

    /** The same as of an earlier revision, which must not lie before {@link #compacted()}. */
    List<ObjectNode> listAt(String storage, String namespace, long atRevision) {
        if (atRevision >= revision) {
            return list(storage, namespace);
        }
        return List.copyOf(
                within(tableAt(storage, atRevision), storage, namespace).values());
    }

    private NavigableMap<Key, ObjectNode> tableAt(String storage, long atRevision) {
        if (atRevision < compacted) {
            throw new IllegalArgumentException("revision " + atRevision + " is compacted, the oldest is " + compacted);
        }
        var past = new TreeMap<>(table(storage));
        var changes = since(atRevision);
        for (var change : changes.reversed()) {
            if (change.key().storage().equals(storage)) {
                undo(past, change);
            }
        }
        return past;
    }

    /**
     * Goes back to an earlier state, which must not lie before {@link #compacted()}, as an etcd does that is restored from a
     * backup: revisions count on from there and are given a second time. Nobody can watch across it. Who listens is told of
     * every object that differs: first that it is gone, then that it is there as it was.
     */
    void restore(long atRevision) {
        var lost = new ArrayList<Change>();
        var found = new ArrayList<Change>();
        for (var storage : new TreeMap<>(tables).keySet()) {
            var present = table(storage);
            var past = tableAt(storage, atRevision);
            present.forEach((key, object) -> {
                if (!object.equals(past.get(key))) {
                    lost.add(new Change(atRevision, key, object, null));
                }
            });
            past.forEach((key, object) -> {
                if (!object.equals(present.get(key))) {
                    found.add(new Change(atRevision, key, null, object));
                }
            });
            tables.put(storage, past);
        }
        log.clear();
        compacted = atRevision;
        revision = atRevision;
        lost.addAll(found);
        lost.forEach(this::index);
        lost.forEach(change -> listeners.forEach(listener -> listener.accept(change)));
    }

    private static void undo(Map<Key, ObjectNode> objects, Change change) {
        var before = change.before();
        if (before == null) {
            objects.remove(change.key());
        } else {
            objects.put(change.key(), before);
        }
    }

    private static Map<Key, ObjectNode> within(
            NavigableMap<Key, ObjectNode> objects, String storage, String namespace) {
        return namespace.isEmpty()
                ? objects
                : objects.subMap(new Key(storage, namespace, ""), new Key(storage, namespace + "\0", ""));
    }

    private NavigableMap<Key, ObjectNode> table(String storage) {
        return tables.computeIfAbsent(storage, _ -> new TreeMap<>());
    }

    /** Keys of all tables that hold something in a namespace. */
    List<Key> keysOfNamespace(String namespace) {
        return new TreeMap<>(tables)
                .entrySet().stream()
                        .flatMap(table -> within(table.getValue(), table.getKey(), namespace).keySet().stream())
                        .toList();
    }

    /** Keys of objects that name this uid among their owners. */
    List<Key> dependentsOf(String uid) {
        return List.copyOf(dependents.getOrDefault(uid, Set.of()));
    }

    /** Whether an object with this uid is there under this key's table, namespace and name. */
    boolean holds(Key key, String uid) {
        return get(key).filter(object -> Meta.uid(object).equals(uid)).isPresent();
    }

    /** Stores a copy under the next revision and returns it. */
    ObjectNode put(Key key, ObjectNode object) {
        var stored = object.deepCopy();
        Meta.of(stored).put("resourceVersion", Long.toString(revision + 1));
        var before = table(key.storage()).put(key, stored);
        append(new Change(revision + 1, key, before, stored));
        return stored;
    }

    /** Removes an object and returns its last state, which carries the revision of the removal. */
    ObjectNode remove(Key key) {
        var before = table(key.storage()).remove(key);
        if (before == null) {
            throw new IllegalStateException("nothing to remove at " + key);
        }
        append(new Change(revision + 1, key, before, null));
        var last = before.deepCopy();
        Meta.of(last).put("resourceVersion", Long.toString(revision));
        return last;
    }

    private void append(Change change) {
        revision = change.revision();
        log.add(change);
        index(change);
        if (log.size() > historyLimit * 2L) {
            compact(revision - historyLimit);
        }
        listeners.forEach(listener -> listener.accept(change));
    }

    private void index(Change change) {
        var before = change.before();
        if (before != null) {
            owners(before).forEach(uid -> {
                var keys = dependents.getOrDefault(uid, new LinkedHashSet<>());
                keys.remove(change.key());
                if (keys.isEmpty()) {
                    dependents.remove(uid);
                }
            });
        }
        var after = change.after();
        if (after != null) {
            owners(after)
                    .forEach(uid -> dependents
                            .computeIfAbsent(uid, _ -> new LinkedHashSet<>())
                            .add(change.key()));
        }
    }

    private static List<String> owners(ObjectNode object) {
        return Json.objects(Json.at(object, "metadata", "ownerReferences")).stream()
                .map(owner -> Json.text(owner, "uid"))
                .toList();
    }

    /** Changes after a revision, oldest first. */
    List<Change> since(long fromRevision) {
        var skip = Math.max(0, fromRevision - compacted);
        return skip >= log.size() ? List.of() : List.copyOf(log.subList((int) skip, log.size()));
    }

    /** Forgets all changes up to a revision: watches from before it are answered 410 Gone. */
    void compact(long upTo) {
        var target = Math.min(upTo, revision);
        if (target > compacted) {
            log.subList(0, (int) (target - compacted)).clear();
            compacted = target;
        }
    }
}
