package io.ballast.testbed.pipeline;

import io.ballast.runtime.kafka.KafkaSettings;
import io.ballast.schemas.Encoding;
import io.ballast.schemas.KnownSchemas;
import io.ballast.schemas.Partitions;
import io.ballast.schemas.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Reads topics as tables, and writes onto them what nobody should. */
final class TopicTable {
    private final KafkaSettings kafka;

    TopicTable(KafkaSettings kafka) {
        this.kafka = kafka;
    }

    /** The newest committed value of each key, encoded, as text that shows every byte; without tombstones. */
    Map<String, String> bytes(Topic<?> topic) {
        var table = new TreeMap<String, String>();
        raw(topic).forEach((key, value) -> table.put(key, new String(value, StandardCharsets.ISO_8859_1)));
        return table;
    }

    /** The newest committed value of each key; without tombstones. */
    <V> Map<String, V> values(Topic<V> topic) {
        var schemas = new KnownSchemas();
        var table = new TreeMap<String, V>();
        raw(topic).forEach((key, value) -> table.put(key, Encoding.decode(topic, value, schemas)));
        return table;
    }

    /** Puts a record where the key belongs. */
    void write(Topic<?> topic, String key, String value) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(
                            kafka.topicPrefix() + topic.name(),
                            Partitions.of(key, kafka.keyedPartitions()),
                            key.getBytes(StandardCharsets.UTF_8),
                            value.getBytes(StandardCharsets.UTF_8)))
                    .get();
        }
    }

    private Map<String, byte[]> raw(Topic<?> topic) {
        var properties = new HashMap<String, Object>();
        properties.put("bootstrap.servers", kafka.bootstrapServers());
        properties.put("isolation.level", "read_committed");
        var name = kafka.topicPrefix() + topic.name();
        var table = new TreeMap<String, byte[]>();
        try (var consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            var partitions = consumer.partitionsFor(name).stream()
                    .map(info -> new TopicPartition(name, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(at -> consumer.position(at) < ends.getOrDefault(at, 0L))) {
                for (var record : consumer.poll(Duration.ofMillis(100))) {
                    var key = new String(record.key(), StandardCharsets.UTF_8);
                    if (record.value() == null) {
                        table.remove(key);
                    } else {
                        table.put(key, record.value());
                    }
                }
            }
        }
        return table;
    }
}
