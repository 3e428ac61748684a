package io.ballast.runtime.kafka;

import io.ballast.runtime.shell.Event;
import io.ballast.runtime.shell.LogWrite;
import io.ballast.runtime.shell.TopicPartition;
import io.ballast.runtime.shell.UnitId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * The transactional producer of one ownership, on a thread of its own. After any error it is done: whether the
 * transaction took place is then unknown, so the owner starts again from the barrier with another.
 */
final class UnitWriter<C, R> {
    private final UnitId unit;
    private final Map<String, Object> properties;
    private final KafkaNames names;
    private final Mailbox<C, R> mailbox;
    private final ClientMetrics metrics;
    private final ExecutorService thread;
    private volatile boolean closed;
    private volatile @Nullable KafkaProducer<byte[], byte[]> producer;

    UnitWriter(
            UnitId unit,
            Map<String, Object> properties,
            KafkaNames names,
            Mailbox<C, R> mailbox,
            ClientMetrics metrics) {
        this.unit = unit;
        this.properties = Map.copyOf(properties);
        this.names = names;
        this.mailbox = mailbox;
        this.metrics = metrics;
        this.thread = Executors.newSingleThreadExecutor(
                Thread.ofVirtual().name("writer-" + unit).factory());
    }

    /** Fences every earlier owner. */
    void open() {
        thread.execute(() -> guarded(() -> {
            var opened = new KafkaProducer<byte[], byte[]>(properties);
            producer = opened;
            metrics.watch(opened);
            if (closed) { // close() may have looked before it was there
                discard();
                return;
            }
            opened.initTransactions();
            mailbox.post(new Event.ProducerOpened<>(unit));
        }));
    }

    void commit(long batch, List<LogWrite> writes) {
        thread.execute(() -> guarded(() -> {
            var open = producer;
            if (open != null && !closed) {
                mailbox.post(new Event.Committed<>(unit, batch, transaction(open, writes)));
            }
        }));
    }

    /** Gives up at once; an open transaction is ended by the next owner, or by the broker after its timeout. */
    void close() {
        closed = true;
        thread.shutdownNow();
        Thread.ofVirtual().name("writer-close-" + unit).start(this::discard);
    }

    /** Only sends stand between begin and commit. */
    private Map<TopicPartition, Long> transaction(KafkaProducer<byte[], byte[]> open, List<LogWrite> writes)
            throws InterruptedException, ExecutionException {
        open.beginTransaction();
        var sent = new ArrayList<Future<RecordMetadata>>(writes.size());
        for (var write : writes) {
            sent.add(open.send(toKafka(write)));
        }
        open.commitTransaction();
        var next = new HashMap<TopicPartition, Long>();
        for (int i = 0; i < writes.size(); i++) {
            next.merge(writes.get(i).to(), sent.get(i).get().offset() + 1, Math::max);
        }
        return next;
    }

    private ProducerRecord<byte[], byte[]> toKafka(LogWrite write) {
        var headers = new RecordHeaders();
        write.headers().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> headers.add(entry.getKey(), entry.getValue().getBytes(StandardCharsets.UTF_8)));
        return new ProducerRecord<>(
                names.prefix() + write.to().topic(),
                write.to().partition(),
                write.key().getBytes(StandardCharsets.UTF_8),
                write.value(),
                headers);
    }

    private interface Work {
        void run() throws InterruptedException, ExecutionException;
    }

    private void guarded(Work work) {
        try {
            work.run();
        } catch (RuntimeException | ExecutionException e) {
            failed(e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    private void failed(Exception e) {
        if (closed) {
            return;
        }
        closed = true;
        discard();
        mailbox.post(isFenced(e) ? new Event.Fenced<>(unit) : new Event.UnitFailed<>(unit, Failures.words(e)));
    }

    private void discard() {
        var open = producer;
        if (open != null) {
            metrics.forget(open);
            open.close(Duration.ZERO);
        }
    }

    private static boolean isFenced(@Nullable Throwable e) {
        return e != null
                && (e instanceof ProducerFencedException
                        || e instanceof InvalidProducerEpochException
                        || isFenced(e.getCause()));
    }
}
