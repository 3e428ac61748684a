package io.ballast.runtime.shell;

import io.ballast.schemas.Topic;
import io.ballast.schemas.contract.ServiceKey;
import io.ballast.schemas.contract.SliceKey;
import org.jspecify.annotations.Nullable;

/**
 * A record that a pass wants written. The JSON mirror of a topic that has one is written with it.
 *
 * @param <V> contract record of the values
 * @param topic where to
 * @param key key of the record
 * @param partitionBy the text that decides the partition of a keyed topic
 * @param value the value; null for a tombstone
 */
public record Output<V>(
        Topic<V> topic,
        String key,
        String partitionBy,
        @Nullable V value) {
    /** A record about a Service. */
    public static <V> Output<V> of(Topic<V> topic, ServiceKey key, @Nullable V value) {
        return new Output<>(topic, key.toString(), key.toString(), value);
    }

    /** A record about a slice; it lies in the partition of its Service. */
    public static <V> Output<V> of(Topic<V> topic, SliceKey key, @Nullable V value) {
        return new Output<>(topic, key.toString(), key.service().toString(), value);
    }

    /** A record of a topic with a single partition. */
    public static <V> Output<V> single(Topic<V> topic, String key, @Nullable V value) {
        if (topic.keyed()) {
            throw new IllegalArgumentException("topic %s is keyed by Service".formatted(topic.name()));
        }
        return new Output<>(topic, key, key, value);
    }
}
