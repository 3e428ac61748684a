package io.ballast.runtime.shell;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Keys that need a pass: a set and no queue of events, so memory grows with objects. Urgent ones go first, in the order
 * they were marked; then those of the background.
 */
final class DirtyKeys {
    private final Map<Key, Cause> urgent = new LinkedHashMap<>();
    private final LinkedHashSet<Key> background = new LinkedHashSet<>();

    void mark(Key key, Cause cause) {
        background.remove(key);
        urgent.merge(key, cause, (before, after) -> after.equals(Cause.NONE) ? before : after);
    }

    void markInBackground(Key key) {
        if (!urgent.containsKey(key)) {
            background.add(key);
        }
    }

    void forget(Predicate<Key> which) {
        urgent.keySet().removeIf(which);
        background.removeIf(which);
    }

    boolean isEmpty() {
        return urgent.isEmpty() && background.isEmpty();
    }

    int size() {
        return urgent.size() + background.size();
    }

    /** Takes out the first key that may have a pass now. */
    Optional<Map.Entry<Key, Cause>> takeFirst(Predicate<Key> ready) {
        for (var iterator = urgent.entrySet().iterator(); iterator.hasNext(); ) {
            var entry = iterator.next();
            if (ready.test(entry.getKey())) {
                iterator.remove();
                return Optional.of(Map.entry(entry.getKey(), entry.getValue()));
            }
        }
        for (var iterator = background.iterator(); iterator.hasNext(); ) {
            var key = iterator.next();
            if (ready.test(key)) {
                iterator.remove();
                return Optional.of(Map.entry(key, Cause.NONE));
            }
        }
        return Optional.empty();
    }
}
