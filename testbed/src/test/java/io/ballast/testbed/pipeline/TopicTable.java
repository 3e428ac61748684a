package io.ballast.testbed.pipeline;

import io.ballast.runtime.kafka.KafkaSettings;
import io.ballast.schemas.Partitions;
import io.ballast.schemas.Topic;
import io.ballast.testbed.kafka.TopicRows;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** Reads topics as tables, and writes onto them what nobody should. */
public final class TopicTable {
    private final KafkaSettings kafka;
    private final TopicRows rows;

    TopicTable(KafkaSettings kafka) {
        this.kafka = kafka;
        this.rows = new TopicRows(kafka);
    }

    /** The newest committed value of each key, encoded, as text that shows every byte; without tombstones. */
    Map<String, String> bytes(Topic<?> topic) {
        var table = new TreeMap<String, String>();
        rows.raw(topic).forEach((key, row) -> table.put(key, new String(row.value(), StandardCharsets.ISO_8859_1)));
        return table;
    }

    /** The newest committed value of each key; without tombstones. */
    public <V> Map<String, V> values(Topic<V> topic) {
        return rows.values(topic);
    }

    /** Puts a record where the key belongs. */
    void write(Topic<?> topic, String key, String value) {
        rows.write(topic, Partitions.of(key, kafka.keyedPartitions()), key, value.getBytes(StandardCharsets.UTF_8));
    }
}
