package io.ballast.runtime.shell;

import io.ballast.schemas.Topic;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The tables of one owned partition: what was read for it, overlaid with what its owner wrote. */
public final class Tables {
    private final Map<String, Table<?>> byTopic = new TreeMap<>();
    private final Map<TopicPartition, Long> positions = new TreeMap<>();

    Tables() {}

    /** Tables for a test of a reconciler, to be filled with {@link #put}. */
    public static Tables fixture() {
        return new Tables();
    }

    /** Replaces a row; a null value removes it. For the shell and for tests: a reconciler never changes its tables. */
    public <V> void put(Topic<V> topic, String key, @Nullable V value) {
        of(topic).put(key, value);
    }

    /** Says that the newest record of the key cannot be read. For the shell and for tests. */
    public void putUnreadable(Topic<?> topic, String key) {
        of(topic).markUnreadable(key);
    }

    /** Says how far a partition was read. For the shell and for tests. */
    public void reached(TopicPartition partition, long position) {
        positions.put(partition, position);
    }

    /** Every record of the partition below this offset is in the tables; 0 before anything was read. */
    public long position(TopicPartition partition) {
        return positions.getOrDefault(partition, 0L);
    }

    /** The table of a topic; empty when the topic is not among those read. */
    @SuppressWarnings("unchecked") // a table is only ever created for the type of its topic
    public <V> Table<V> of(Topic<V> topic) {
        return (Table<V>) byTopic.computeIfAbsent(topic.name(), ignored -> new Table<V>());
    }

    /**
     * Whether in one of these topics the newest record of the key, or of a longer key that begins with it and "/", cannot
     * be read.
     */
    boolean isUnreadable(String key, List<Topic<?>> topics) {
        return topics.stream()
                .flatMap(topic -> of(topic).unreadable().stream())
                .anyMatch(bad -> bad.equals(key) || bad.startsWith(key + "/"));
    }
}
