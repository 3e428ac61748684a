package io.ballast.testbed.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ballast.runtime.kafka.KafkaSettings;
import io.ballast.schemas.Encoding;
import io.ballast.schemas.KnownSchemas;
import io.ballast.schemas.Topic;
import io.ballast.schemas.Topics;
import io.ballast.schemas.UndecodableException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Prints committed records of one topic, decoding Avro with the schemas that lie in Kafka beside it. */
final class TopicReader implements AutoCloseable {
    /** What to print. */
    record Wanted(boolean json, @Nullable String key, boolean fromBeginning, boolean follow) {}

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaSettings kafka;
    private final Topic<?> topic;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final KnownSchemas schemas = new KnownSchemas();

    TopicReader(KafkaSettings kafka, Topic<?> topic) {
        this.kafka = kafka;
        this.topic = topic;
        var properties = new HashMap<String, Object>(kafka.properties());
        properties.put("bootstrap.servers", kafka.bootstrapServers());
        properties.put("isolation.level", "read_committed");
        properties.put("enable.auto.commit", "false");
        properties.put("auto.offset.reset", "none");
        this.consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    void print(Wanted wanted, PrintWriter out) {
        learnSchemas();
        var partitions = partitionsOf(topic);
        consumer.assign(partitions);
        var ends = consumer.endOffsets(partitions);
        if (wanted.fromBeginning()) {
            consumer.seekToBeginning(partitions);
        } else {
            consumer.seekToEnd(partitions);
        }
        while (wanted.follow() || !isAt(ends)) {
            for (var record : consumer.poll(POLL)) {
                if (wanted.key() == null || wanted.key().equals(text(record.key()))) {
                    out.println(wanted.json() ? asJson(record) : asText(record));
                }
            }
            out.flush();
        }
    }

    @Override
    public void close() {
        consumer.close();
    }

    private void learnSchemas() {
        var partitions = partitionsOf(Topics.SCHEMAS);
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        var ends = consumer.endOffsets(partitions);
        while (!isAt(ends)) {
            for (var record : consumer.poll(POLL)) {
                if (record.value() != null) {
                    schemas.learn(text(record.value()));
                }
            }
        }
    }

    private boolean isAt(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private List<TopicPartition> partitionsOf(Topic<?> which) {
        var name = kafka.topicPrefix() + which.name();
        return consumer.partitionsFor(name).stream()
                .map(info -> new TopicPartition(name, info.partition()))
                .toList();
    }

    private String asText(ConsumerRecord<byte[], byte[]> record) {
        var line = text(record.key()) + "\t" + (record.value() == null ? "(tombstone)" : value(record.value()));
        return topic.equals(Topics.DEAD_LETTERS) ? line + "\t" + headers(record) : line;
    }

    private String asJson(ConsumerRecord<byte[], byte[]> record) {
        var line = MAPPER.createObjectNode();
        line.put("key", text(record.key()));
        line.put("partition", record.partition());
        line.put("offset", record.offset());
        line.put("time", Instant.ofEpochMilli(record.timestamp()).toString());
        line.set("value", record.value() == null ? MAPPER.nullNode() : value(record.value()));
        line.set("headers", headers(record));
        return line.toString();
    }

    /** Where a record comes from, and why it is a dead letter. */
    private static JsonNode headers(ConsumerRecord<byte[], byte[]> record) {
        var headers = MAPPER.createObjectNode();
        record.headers().forEach(header -> headers.put(header.key(), text(header.value())));
        return headers;
    }

    private JsonNode value(byte[] bytes) {
        try {
            return switch (topic.format()) {
                case AVRO -> Encoding.toJson(bytes, schemas);
                case JSON -> MAPPER.readTree(bytes);
                case TEXT -> MAPPER.getNodeFactory().textNode(text(bytes));
                case BYTES ->
                    MAPPER.createObjectNode().put("base64", Base64.getEncoder().encodeToString(bytes));
            };
        } catch (UndecodableException | IOException e) {
            return MAPPER.createObjectNode().put("undecodable", e.getMessage());
        }
    }

    private static String text(byte @Nullable [] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }
}
