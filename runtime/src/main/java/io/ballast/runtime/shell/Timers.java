package io.ballast.runtime.shell;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** When keys are to be looked at again: one time for each key, the earliest asked for. */
final class Timers {
    private final TreeMap<Instant, TreeSet<Key>> byTime = new TreeMap<>();
    private final Map<Key, Instant> byKey = new HashMap<>();

    void set(Key key, Instant time) {
        var before = byKey.get(key);
        if (before != null && !time.isBefore(before)) {
            return;
        }
        clear(key);
        byKey.put(key, time);
        byTime.computeIfAbsent(time, ignored -> new TreeSet<>(Timers::compare)).add(key);
    }

    void clear(Key key) {
        var time = byKey.remove(key);
        if (time != null) {
            byTime.computeIfPresent(time, (ignored, keys) -> {
                keys.remove(key);
                return keys.isEmpty() ? null : keys;
            });
        }
    }

    void forget(Predicate<Key> which) {
        byKey.keySet().stream().filter(which).toList().forEach(this::clear);
    }

    Optional<Instant> next() {
        return byTime.isEmpty() ? Optional.empty() : Optional.of(byTime.firstKey());
    }

    /** Takes out a key whose time has come. */
    Optional<Key> takeDue(Instant now) {
        if (byTime.isEmpty() || byTime.firstKey().isAfter(now)) {
            return Optional.empty();
        }
        var key = byTime.firstEntry().getValue().first();
        clear(key);
        return Optional.of(key);
    }

    private static int compare(Key one, Key other) {
        int byPartition = Integer.compare(one.partition(), other.partition());
        return byPartition != 0 ? byPartition : one.name().compareTo(other.name());
    }
}
