package io.ballast.testbed.bench;

import io.ballast.runtime.kafka.KafkaSettings;
import io.ballast.schemas.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Counts the committed records of some topics as they come, in a thread of its own. */
final class TopicTally implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(10);

    /** What came onto one topic. */
    static final class Count {
        private final AtomicLong records = new AtomicLong();
        private final AtomicLong bytes = new AtomicLong();
        private final Map<String, Long> arrivals = new ConcurrentHashMap<>();

        /** Records so far. */
        long records() {
            return records.get();
        }

        /** Bytes of keys and values so far. */
        long bytes() {
            return bytes.get();
        }

        /** When the newest record of each key came, {@link System#nanoTime}. */
        Map<String, Long> arrivals() {
            return arrivals;
        }
    }

    private final Map<String, Count> counts = new LinkedHashMap<>();
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final String prefix;
    private final Thread thread;
    private volatile boolean closed;

    TopicTally(KafkaSettings kafka, List<Topic<?>> topics) {
        this.prefix = kafka.topicPrefix();
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
        topics.forEach(topic -> counts.put(topic.name(), new Count()));
        var partitions = counts.keySet().stream()
                .flatMap(topic -> consumer.partitionsFor(prefix + topic).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        this.thread = Thread.ofPlatform().name("tally").daemon().start(this::run);
    }

    Count of(Topic<?> topic) {
        var count = counts.get(topic.name());
        if (count == null) {
            throw new IllegalArgumentException("not counted: " + topic.name());
        }
        return count;
    }

    /** Records of all topics so far. */
    long records() {
        return counts.values().stream().mapToLong(Count::records).sum();
    }

    /** Waits until nothing came for a time. */
    void awaitQuiet(Duration quiet) throws InterruptedException {
        long before = -1;
        while (records() != before) {
            before = records();
            TimeUnit.MILLISECONDS.sleep(quiet.toMillis());
        }
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
            consumer.poll(POLL).forEach(this::count);
        }
    }

    private void count(ConsumerRecord<byte[], byte[]> record) {
        var count = counts.get(record.topic().substring(prefix.length()));
        if (count != null) {
            long now = System.nanoTime();
            count.bytes.addAndGet(record.key().length + (record.value() == null ? 0 : record.value().length));
            count.arrivals.put(new String(record.key(), StandardCharsets.UTF_8), now);
            count.records.incrementAndGet();
        }
    }
}
