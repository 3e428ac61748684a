package io.ballast.runtime.shell;

import io.ballast.schemas.Topic;
import org.jspecify.annotations.Nullable;

/**
 * A row of a table that was replaced by a record of another writer.
 *
 * @param <V> contract record of the values
 * @param topic the topic
 * @param key key of the row
 * @param before the value before; null when there was none
 * @param after the value now; null for a tombstone
 */
public record Change<V>(
        Topic<V> topic,
        String key,
        @Nullable V before,
        @Nullable V after) {}
