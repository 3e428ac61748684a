package io.ballast.testbed.kafka;

import io.ballast.runtime.kafka.KafkaSettings;
import io.ballast.schemas.Encoding;
import io.ballast.schemas.KnownSchemas;
import io.ballast.schemas.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Topics as tables, for tools: committed records, read to the end that they have when asked. */
public final class TopicRows {
    private static final Duration POLL = Duration.ofMillis(200);

    /** The newest record of a key. */
    public static final class Row {
        private final int partition;
        private final byte[] value;
        private final Instant writtenAt;

        private Row(int partition, byte[] value, Instant writtenAt) {
            this.partition = partition;
            this.value = value;
            this.writtenAt = writtenAt;
        }

        /** When its writer sent it. */
        public Instant writtenAt() {
            return writtenAt;
        }

        /** Where it lies. */
        int partition() {
            return partition;
        }

        /** Encoded. */
        public byte[] value() {
            return value.clone();
        }
    }

    private final KafkaSettings kafka;

    public TopicRows(KafkaSettings kafka) {
        this.kafka = kafka;
    }

    /** The newest value of each key; without tombstones. */
    public Map<String, Row> raw(Topic<?> topic) {
        var table = new TreeMap<String, Row>();
        read(topic, record -> put(table, record));
        return table;
    }

    /** Takes key and value of every record, partition by partition in their order; without tombstones. */
    public <V> void each(Topic<V> topic, BiConsumer<String, V> take) {
        var schemas = new KnownSchemas();
        read(topic, record -> {
            if (record.value() != null) {
                take.accept(
                        new String(record.key(), StandardCharsets.UTF_8),
                        Encoding.decode(topic, record.value(), schemas));
            }
        });
    }

    private void read(Topic<?> topic, Consumer<ConsumerRecord<byte[], byte[]>> take) {
        var properties = client();
        properties.put("isolation.level", "read_committed");
        properties.put("enable.auto.commit", "false");
        try (var consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            var name = kafka.topicPrefix() + topic.name();
            var partitions = consumer.partitionsFor(name).stream()
                    .map(info -> new TopicPartition(name, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(at -> consumer.position(at) < ends.getOrDefault(at, 0L))) {
                consumer.poll(POLL).forEach(take);
            }
        }
    }

    /** The newest value of each key; without tombstones. */
    public <V> Map<String, V> values(Topic<V> topic) {
        var schemas = new KnownSchemas();
        var table = new TreeMap<String, V>();
        raw(topic).forEach((key, row) -> table.put(key, Encoding.decode(topic, row.value(), schemas)));
        return table;
    }

    /** Writes a record to a partition, and waits until Kafka has taken it. */
    public void write(Topic<?> topic, int partition, String key, byte @Nullable [] value) {
        try (var producer = producer()) {
            await(send(producer, topic, partition, key, value));
        }
    }

    /** Ends these rows with a tombstone each, where they lie. */
    public void end(Topic<?> topic, Map<String, Row> rows) {
        try (var producer = producer()) {
            var sent = new ArrayList<Future<?>>();
            rows.forEach((key, row) -> sent.add(send(producer, topic, row.partition(), key, null)));
            sent.forEach(TopicRows::await);
        }
    }

    private Future<?> send(
            KafkaProducer<byte[], byte[]> producer,
            Topic<?> topic,
            int partition,
            String key,
            byte @Nullable [] value) {
        return producer.send(new ProducerRecord<>(
                kafka.topicPrefix() + topic.name(), partition, key.getBytes(StandardCharsets.UTF_8), value));
    }

    private KafkaProducer<byte[], byte[]> producer() {
        var properties = client();
        properties.put("acks", "all");
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private Map<String, Object> client() {
        var properties = new HashMap<String, Object>(kafka.properties());
        properties.put("bootstrap.servers", kafka.bootstrapServers());
        return properties;
    }

    private static void put(Map<String, Row> table, ConsumerRecord<byte[], byte[]> record) {
        var key = new String(record.key(), StandardCharsets.UTF_8);
        if (record.value() == null) {
            table.remove(key);
        } else {
            table.put(key, new Row(record.partition(), record.value(), Instant.ofEpochMilli(record.timestamp())));
        }
    }

    private static void await(Future<?> sent) {
        try {
            sent.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("Kafka did not take a record: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
