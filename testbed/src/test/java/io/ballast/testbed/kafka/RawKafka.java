package io.ballast.testbed.kafka;

import io.ballast.runtime.kafka.KafkaSettings;
import io.ballast.runtime.kafka.TopicAdmin;
import io.ballast.schemas.Encoding;
import io.ballast.schemas.KnownSchemas;
import io.ballast.schemas.Partitions;
import io.ballast.schemas.Topic;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.GoneReason;
import io.ballast.schemas.contract.ServiceKey;
import io.ballast.schemas.contract.ServiceSnapshot;
import io.ballast.schemas.contract.SnapshotState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Kafka as others see it: writers and readers that are not ours. */
record RawKafka(KafkaSettings settings) {
    private static final List<Topic<?>> TOPICS = List.of(
            Topics.SERVICES, CopyReconciler.COPIES, CopyReconciler.SECOND_COPIES, Topics.SCHEMAS, Topics.DEAD_LETTERS);

    RawKafka makeTopics() {
        try (var admin = new TopicAdmin(settings)) {
            admin.apply(TOPICS);
        }
        return this;
    }

    /** A key in this partition; the same number gives the same key. */
    ServiceKey keyIn(int partition, int number) {
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> new ServiceKey("c1", "shop", "s%d-%d".formatted(number, i)))
                .filter(key -> Partitions.of(key, settings.keyedPartitions()) == partition)
                .findFirst()
                .orElseThrow();
    }

    static ServiceSnapshot version(String uid) {
        return new ServiceSnapshot(SnapshotState.GONE, "cluster-uid", uid, "", GoneReason.CONFIRMED_ABSENT, null);
    }

    void write(ServiceKey key, String uid) {
        try (var producer = producer(Map.of())) {
            await(producer.send(service(key, uid)));
        }
    }

    void writeBytes(ServiceKey key, byte[] value) {
        try (var producer = producer(Map.of())) {
            await(producer.send(record(key, value)));
        }
    }

    /** A transactional writer that is none of ours; its transaction times out after the given time. */
    Producer<byte[], byte[]> transactional(String id, Duration timeout) {
        var producer =
                producer(Map.of("transactional.id", id, "transaction.timeout.ms", Long.toString(timeout.toMillis())));
        producer.initTransactions();
        return producer;
    }

    ProducerRecord<byte[], byte[]> service(ServiceKey key, String uid) {
        return record(key, Encoding.encode(Topics.SERVICES, version(uid)));
    }

    private ProducerRecord<byte[], byte[]> record(ServiceKey key, byte @Nullable [] value) {
        return new ProducerRecord<>(
                settings.topicPrefix() + Topics.SERVICES.name(),
                Partitions.of(key, settings.keyedPartitions()),
                key.toString().getBytes(StandardCharsets.UTF_8),
                value);
    }

    /** What a committed reader sees of a key in the copies: uid and writer of the newest; empty when there is none. */
    Optional<Copy> copyOf(ServiceKey key) {
        return copies().stream()
                .filter(copy -> copy.key().equals(key.toString()))
                .reduce((before, after) -> after);
    }

    /** A copy as it lies in the log. */
    record Copy(String key, String uid, String writer) {}

    /** All committed copies, in the order of each partition. */
    List<Copy> copies() {
        var schemas = new KnownSchemas();
        return read(CopyReconciler.COPIES).stream()
                .map(record -> {
                    var value = Encoding.decode(CopyReconciler.COPIES, record.value(), schemas);
                    return new Copy(text(record.key()), value.uid(), value.resourceVersion());
                })
                .toList();
    }

    /** All committed records of a topic. */
    List<ConsumerRecord<byte[], byte[]>> read(Topic<?> topic) {
        var name = settings.topicPrefix() + topic.name();
        var config = new HashMap<String, Object>();
        config.put("bootstrap.servers", settings.bootstrapServers());
        config.put("isolation.level", "read_committed");
        config.put("enable.auto.commit", "false");
        try (var consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            var partitions = IntStream.range(0, topic.partitions(settings.keyedPartitions()))
                    .mapToObj(partition -> new TopicPartition(name, partition))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
            while (partitions.stream()
                    .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            return records;
        }
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    static RecordMetadata await(Future<RecordMetadata> sent) {
        try {
            return sent.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("not written", e);
        }
    }

    private KafkaProducer<byte[], byte[]> producer(Map<String, String> more) {
        var config = new HashMap<String, Object>(more);
        config.put("bootstrap.servers", settings.bootstrapServers());
        config.put("acks", "all");
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }
}
