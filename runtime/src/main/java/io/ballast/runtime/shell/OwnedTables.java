package io.ballast.runtime.shell;

import io.ballast.schemas.Encoding;
import io.ballast.schemas.KnownSchemas;
import io.ballast.schemas.Partitions;
import io.ballast.schemas.Topic;
import io.ballast.schemas.Topics;
import io.ballast.schemas.UndecodableException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The tables of one ownership while they are being read: decodes records, keeps those that cannot be read apart until a
 * newer record of their key or the schema they need arrives, and knows when the barrier is reached.
 */
final class OwnedTables {
    private final TopicPlan plan;
    private final int partition;
    private final Tables tables = new Tables();
    private final KnownSchemas schemas = new KnownSchemas();
    private final Map<TopicPartition, Long> positions = new TreeMap<>();
    private final Map<TopicPartition, Long> ends = new TreeMap<>();
    private final Map<String, LogRecord> undecoded = new TreeMap<>();
    private final Map<String, Topic<?>> topics = new HashMap<>();

    OwnedTables(TopicPlan plan, int partition) {
        this.plan = plan;
        this.partition = partition;
        plan.inputs().forEach(topic -> topics.put(topic.name(), topic));
        plan.outputs().forEach(topic -> topics.put(topic.name(), topic));
    }

    Tables tables() {
        return tables;
    }

    void endAt(Map<TopicPartition, Long> found) {
        ends.putAll(found);
    }

    void reached(Map<TopicPartition, Long> found) {
        positions.putAll(found);
        found.forEach(tables::reached);
    }

    boolean isAtBarrier() {
        return ends.entrySet().stream().allMatch(end -> positions.getOrDefault(end.getKey(), 0L) >= end.getValue());
    }

    long read() {
        return ends.entrySet().stream()
                .mapToLong(end -> Math.min(end.getValue(), positions.getOrDefault(end.getKey(), 0L)))
                .sum();
    }

    long total() {
        return ends.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Takes one record in. The change it made to a table; empty when it made none. */
    Optional<Change<?>> take(LogRecord record) {
        undecoded.remove(place(record));
        if (record.at().topic().equals(Topics.SCHEMAS.name())) {
            learn(record);
            return Optional.empty();
        }
        var topic = topics.get(record.at().topic());
        if (topic == null || !isOurs(topic, record.key())) {
            return Optional.empty();
        }
        return apply(topic, record);
    }

    /** Tries once more what could not be read; the changes this made, in the order of their keys. */
    List<Change<?>> retryUndecoded() {
        var changes = new ArrayList<Change<?>>();
        for (var record : List.copyOf(undecoded.values())) {
            take(record).ifPresent(changes::add);
        }
        return changes;
    }

    /** The records that cannot be read, as they stand now. */
    List<LogRecord> undecoded() {
        return List.copyOf(undecoded.values());
    }

    /** Whether this very record is one of them. */
    boolean isUndecoded(LogRecord record) {
        return undecoded.get(place(record)) == record;
    }

    /** What is wrong with a record that cannot be read. */
    String fault(LogRecord record) {
        var value = record.value();
        var topic = topics.get(record.at().topic());
        if (value == null) {
            return "";
        }
        try {
            if (topic == null) {
                new KnownSchemas().learn(Encoding.decode(Topics.SCHEMAS, value, schemas));
                return "";
            }
            Encoding.decode(topic, value, schemas);
            return "";
        } catch (UndecodableException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private <V> Optional<Change<?>> apply(Topic<V> topic, LogRecord record) {
        var table = tables.of(topic);
        @Nullable V before = table.get(record.key()).orElse(null);
        @Nullable V after = null;
        var bytes = record.value();
        if (bytes != null) {
            try {
                after = Encoding.decode(topic, bytes, schemas);
            } catch (UndecodableException e) {
                table.markUnreadable(record.key());
                undecoded.put(place(record), record);
                return Optional.empty();
            }
        }
        table.put(record.key(), after);
        return Optional.of(new Change<>(topic, record.key(), before, after));
    }

    private void learn(LogRecord record) {
        var bytes = record.value();
        if (bytes == null) {
            return;
        }
        try {
            schemas.learn(Encoding.decode(Topics.SCHEMAS, bytes, schemas));
        } catch (UndecodableException e) {
            undecoded.put(place(record), record);
        }
    }

    /** Whether a record of a single-partition topic that is keyed by Service is about a Service of this partition. */
    private boolean isOurs(Topic<?> topic, String key) {
        return topic.keyed()
                || plan.everyPartition()
                || !topic.key().equals(Topics.SERVICES.key())
                || Partitions.of(key, plan.keyedPartitions()) == partition;
    }

    private static String place(LogRecord record) {
        return record.at() + " " + record.key();
    }
}
