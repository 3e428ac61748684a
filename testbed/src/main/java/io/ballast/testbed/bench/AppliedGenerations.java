package io.ballast.testbed.bench;

import io.ballast.runtime.kafka.KafkaSettings;
import io.ballast.schemas.Encoding;
import io.ballast.schemas.KnownSchemas;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.LoadBalancerPhase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Follows the status topic: when each Service was first said to be ACTIVE in each generation, and when to be deleted. */
final class AppliedGenerations implements AutoCloseable {
    /** In place of a generation: deleted. */
    static final long DELETED = 0;

    private static final Duration POLL = Duration.ofMillis(10);

    private record Reached(String key, long generation) {}

    private final Map<Reached, Long> reached = new ConcurrentHashMap<>();
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final KnownSchemas schemas = new KnownSchemas();
    private final Thread thread;
    private volatile boolean closed;

    AppliedGenerations(KafkaSettings kafka) {
        this.consumer = new KafkaConsumer<>(
                Map.<String, Object>of(
                        "bootstrap.servers",
                        kafka.bootstrapServers(),
                        "isolation.level",
                        "read_committed",
                        "enable.auto.commit",
                        "false",
                        "fetch.max.wait.ms",
                        "20"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        var partitions = consumer.partitionsFor(kafka.topicPrefix() + Topics.LOAD_BALANCER_STATUS.name()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        this.thread = Thread.ofPlatform().name("applied").daemon().start(this::run);
    }

    /** When it was, {@link System#nanoTime}; {@link Long#MAX_VALUE} when it was not yet. */
    long at(int service, long generation) {
        return reached.getOrDefault(new Reached(DesiredServices.key(service).toString(), generation), Long.MAX_VALUE);
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        consumer.close();
    }

    private void run() {
        while (!closed) {
            consumer.poll(POLL).forEach(this::note);
        }
    }

    private void note(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return;
        }
        var status = Encoding.decode(Topics.LOAD_BALANCER_STATUS, record.value(), schemas);
        var key = new String(record.key(), StandardCharsets.UTF_8);
        if (status.phase() == LoadBalancerPhase.ACTIVE) {
            reached.putIfAbsent(new Reached(key, status.appliedGeneration()), System.nanoTime());
        } else if (status.phase() == LoadBalancerPhase.DELETED) {
            reached.putIfAbsent(new Reached(key, DELETED), System.nanoTime());
        }
    }
}
