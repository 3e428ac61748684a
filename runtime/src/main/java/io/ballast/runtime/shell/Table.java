package io.ballast.runtime.shell;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The newest value of each key of a topic, as far as it was read or written by this owner.
 *
 * @param <V> contract record of the values
 */
public final class Table<V> {
    private final TreeMap<String, V> rows = new TreeMap<>();
    private final TreeSet<String> unreadable = new TreeSet<>();

    Table() {}

    /** The newest readable value of a key; empty when there never was one or a tombstone ended it. */
    public Optional<V> get(String key) {
        return Optional.ofNullable(rows.get(key));
    }

    /** All rows, sorted by key; a view that must not be kept over a step. */
    public Map<String, V> rows() {
        return Collections.unmodifiableMap(rows);
    }

    /** The rows whose key begins with the text, sorted by key; a view that must not be kept over a step. */
    public Map<String, V> rowsStartingWith(String prefix) {
        return Collections.unmodifiableMap(rows.subMap(prefix, prefix + Character.MAX_VALUE));
    }

    /** Keys whose newest record cannot be read, sorted; {@link #get} still answers the one before. */
    public Set<String> unreadable() {
        return Collections.unmodifiableSet(unreadable);
    }

    void put(String key, @Nullable V value) {
        unreadable.remove(key);
        if (value == null) {
            rows.remove(key);
        } else {
            rows.put(key, value);
        }
    }

    void markUnreadable(String key) {
        unreadable.add(key);
    }
}
