package io.ballast.runtime.kafka;

import io.ballast.runtime.shell.Event;
import io.ballast.runtime.shell.LogRecord;
import io.ballast.runtime.shell.TopicPartition;
import io.ballast.runtime.shell.UnitId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.consumer.KafkaConsumer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The reader of one ownership: an explicit poll loop over assigned partitions, on a virtual thread of its own. It reads
 * committed records only and stays at most a few batches ahead of the shell.
 */
final class UnitReader<C, R> {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final int BATCHES_AHEAD = 2;

    private final UnitId unit;
    private final Vertx vertx;
    private final Map<String, String> properties;
    private final KafkaNames names;
    private final Mailbox<C, R> mailbox;
    private final ClientMetrics metrics;
    private final LinkedBlockingQueue<Work<C, R>> asked = new LinkedBlockingQueue<>();
    private final Semaphore ahead = new Semaphore(BATCHES_AHEAD);
    private final Set<TopicPartition> assigned = new TreeSet<>();
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private final Map<TopicPartition, Long> reported = new HashMap<>();
    private final Thread thread;
    private volatile boolean closed;

    private interface Work<C, R> {
        void run(KafkaConsumer<byte[], byte[]> consumer) throws InterruptedException, ExecutionException;
    }

    UnitReader(
            UnitId unit,
            Vertx vertx,
            Map<String, String> properties,
            KafkaNames names,
            Mailbox<C, R> mailbox,
            ClientMetrics metrics) {
        this.unit = unit;
        this.vertx = vertx;
        this.properties = Map.copyOf(properties);
        this.names = names;
        this.mailbox = mailbox;
        this.metrics = metrics;
        this.thread = Thread.ofVirtual().name("reader-" + unit).start(this::run);
    }

    /** Asks for the offsets after the last record that a committed reader sees. */
    void findEnds(Set<TopicPartition> partitions) {
        asked.add(consumer -> {
            var found = names.fromVertx(await(consumer.endOffsets(names.toVertx(partitions))));
            ends.putAll(found);
            mailbox.post(new Event.EndsFound<>(unit, found));
        });
    }

    void read(Set<TopicPartition> partitions) {
        asked.add(consumer -> {
            assigned.addAll(partitions);
            await(consumer.assign(names.toVertx(assigned)));
            await(consumer.seekToBeginning(names.toVertx(partitions)));
        });
    }

    void stop(Set<TopicPartition> partitions) {
        asked.add(consumer -> {
            assigned.removeAll(partitions);
            await(consumer.assign(names.toVertx(assigned)));
        });
    }

    /** Gives up; what was read and not taken in yet is lost, which hurts nobody. */
    void close() {
        closed = true;
        asked.add(consumer -> {});
        thread.interrupt();
    }

    private void run() {
        @Nullable KafkaConsumer<byte[], byte[]> consumer = null;
        try {
            consumer = KafkaConsumer.create(vertx, properties);
            metrics.watch(consumer.unwrap());
            while (!closed) {
                var work = assigned.isEmpty() ? asked.take() : asked.poll();
                if (work != null) {
                    work.run(consumer);
                } else {
                    poll(consumer);
                }
            }
        } catch (RuntimeException | ExecutionException e) {
            if (!closed) {
                mailbox.post(new Event.UnitFailed<>(unit, Failures.words(e)));
            }
        } catch (InterruptedException _) {
            closed = true;
        } finally {
            if (consumer != null) {
                metrics.forget(consumer.unwrap());
                var _ = consumer.close();
            }
        }
    }

    private void poll(KafkaConsumer<byte[], byte[]> consumer) throws InterruptedException, ExecutionException {
        var polled = await(consumer.poll(POLL)).records();
        var records = new ArrayList<LogRecord>(polled.count());
        var positions = new HashMap<TopicPartition, Long>();
        for (var record : polled) {
            var ours = ours(record);
            records.add(ours);
            positions.put(ours.at(), ours.offset() + 1);
        }
        addPassedMarkers(consumer, positions);
        reported.putAll(positions);
        if (!positions.isEmpty()) {
            post(records, positions);
        }
    }

    /** The last thing before an end may be a marker, which is no record: only the position tells that it is passed. */
    private void addPassedMarkers(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> positions)
            throws InterruptedException, ExecutionException {
        for (var end : ends.entrySet()) {
            var partition = end.getKey();
            long known = positions.getOrDefault(partition, reported.getOrDefault(partition, -1L));
            if (known < end.getValue() && assigned.contains(partition)) {
                positionOf(consumer, partition, known, positions);
            }
        }
    }

    private void positionOf(
            KafkaConsumer<byte[], byte[]> consumer,
            TopicPartition partition,
            long known,
            Map<TopicPartition, Long> positions)
            throws InterruptedException, ExecutionException {
        try {
            long position = await(consumer.position(names.toVertx(partition)));
            if (position > known) {
                positions.put(partition, position);
            }
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TimeoutException)) { // Kafka is away: it will be asked again
                throw e;
            }
        }
    }

    private void post(List<LogRecord> records, Map<TopicPartition, Long> positions) throws InterruptedException {
        ahead.acquire();
        mailbox.post(new Event.Fetched<>(unit, records, positions), ahead::release);
    }

    private LogRecord ours(ConsumerRecord<byte[], byte[]> record) {
        var headers = new HashMap<String, String>();
        for (var header : record.headers()) {
            headers.put(header.key(), text(header.value()));
        }
        return new LogRecord(
                names.from(record.topic(), record.partition()),
                record.offset(),
                text(record.key()),
                record.value(),
                headers);
    }

    private static String text(byte @Nullable [] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }

    private static <T> T await(Future<T> future) throws InterruptedException, ExecutionException {
        return future.toCompletionStage().toCompletableFuture().get();
    }
}
