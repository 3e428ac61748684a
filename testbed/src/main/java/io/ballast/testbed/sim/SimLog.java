package io.ballast.testbed.sim;

import io.ballast.runtime.shell.LogRecord;
import io.ballast.runtime.shell.LogWrite;
import io.ballast.runtime.shell.TopicPartition;
import io.ballast.schemas.Topic;
import io.ballast.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A model of the Kafka log: transactions with fencing, the last stable offset, aborted records, markers that take an
 * offset, compaction and the purge of old tombstones. Readers see what a {@code read_committed} consumer sees.
 */
public final class SimLog {
    /** A producer was replaced by a newer one of its transactional id. */
    public static final class FencedException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** What was read: records in order, and the position behind them and behind what a reader does not see. */
    public record Fetch(List<LogRecord> records, long position) {}

    private enum State {
        OPEN,
        COMMITTED,
        ABORTED
    }

    /** One transaction. */
    public static final class Transaction {
        private final String transactionalId;
        private final Set<TopicPartition> partitions = new HashSet<>();
        private final List<LogRecord> records = new ArrayList<>();
        private State state = State.OPEN;

        private Transaction(String transactionalId) {
            this.transactionalId = transactionalId;
        }

        public boolean isOpen() {
            return state == State.OPEN;
        }
    }

    private record Entry(long offset, Instant at, @Nullable LogWrite write, Transaction transaction) {}

    private static final class Partition {
        private final List<Entry> entries = new ArrayList<>();
        private long end;

        private long lastStableOffset() {
            return entries.stream()
                    .filter(entry -> entry.transaction.state == State.OPEN)
                    .mapToLong(Entry::offset)
                    .findFirst()
                    .orElse(end);
        }
    }

    private final Map<TopicPartition, Partition> partitions = new TreeMap<>();
    private final Map<String, Integer> epochs = new HashMap<>();
    private final Map<String, Transaction> open = new HashMap<>();
    private final List<Runnable> listeners = new ArrayList<>();
    private final List<Consumer<LogRecord>> witnesses = new ArrayList<>();

    /** Shows every record once it is committed, in the order of commits. */
    void onCommitted(Consumer<LogRecord> witness) {
        witnesses.add(witness);
    }

    /** Calls back whenever readers may see more. */
    void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /** A new producer of the transactional id: earlier ones are fenced, their open transaction is aborted. */
    int initProducer(String transactionalId, Instant now) {
        var left = open.remove(transactionalId);
        if (left != null) {
            end(left, State.ABORTED, now);
        }
        return epochs.merge(transactionalId, 1, Integer::sum);
    }

    /** Appends records in a new transaction. Throws {@link FencedException} for a producer that was replaced. */
    Transaction append(String transactionalId, int epoch, List<LogWrite> writes, Instant now) {
        check(transactionalId, epoch);
        var transaction = new Transaction(transactionalId);
        open.put(transactionalId, transaction);
        for (var write : writes) {
            var partition = partition(write.to());
            transaction.records.add(
                    new LogRecord(write.to(), partition.end, write.key(), write.value(), write.headers()));
            partition.entries.add(new Entry(partition.end++, now, write, transaction));
            transaction.partitions.add(write.to());
        }
        return transaction;
    }

    /** Commits; for each partition written, the offset after its last record. */
    Map<TopicPartition, Long> commit(Transaction transaction, int epoch, Instant now) {
        check(transaction.transactionalId, epoch);
        if (transaction.state != State.OPEN) {
            throw new FencedException();
        }
        var offsets = new TreeMap<TopicPartition, Long>();
        transaction.partitions.forEach(at -> offsets.put(at, partition(at).end));
        open.remove(transaction.transactionalId);
        end(transaction, State.COMMITTED, now);
        witnesses.forEach(transaction.records::forEach);
        return offsets;
    }

    /** What the broker does to a transaction that stayed open too long. */
    void timeOut(Transaction transaction, Instant now) {
        if (transaction.state == State.OPEN) {
            open.remove(transaction.transactionalId);
            epochs.merge(transaction.transactionalId, 1, Integer::sum);
            end(transaction, State.ABORTED, now);
        }
    }

    /** The last stable offset of each partition. */
    Map<TopicPartition, Long> ends(Collection<TopicPartition> which) {
        var ends = new TreeMap<TopicPartition, Long>();
        which.forEach(at -> ends.put(at, partition(at).lastStableOffset()));
        return ends;
    }

    /** Reads committed records from a position on. */
    Fetch fetch(TopicPartition at, long from, int max) {
        var partition = partition(at);
        long stable = partition.lastStableOffset();
        var records = new ArrayList<LogRecord>();
        for (var entry : partition.entries) {
            if (entry.offset < from || entry.write == null || entry.transaction.state != State.COMMITTED) {
                continue;
            }
            if (entry.offset >= stable) {
                break;
            }
            if (records.size() == max) {
                return new Fetch(records, entry.offset);
            }
            var write = entry.write;
            records.add(new LogRecord(at, entry.offset, write.key(), write.value(), write.headers()));
        }
        return new Fetch(records, Math.max(from, stable));
    }

    /** Compacts all tables: of committed records only the newest of each key stays; old tombstones go. */
    void compact(Instant now, Duration tombstoneRetention) {
        partitions.forEach((at, partition) -> {
            if (Topics.named(at.topic()).orElseThrow().policy() == Topic.Policy.TABLE) {
                compact(partition, now.minus(tombstoneRetention));
            }
        });
    }

    private static void compact(Partition partition, Instant tombstonesBefore) {
        long stable = partition.lastStableOffset();
        var newest = new HashMap<String, Long>();
        for (var entry : partition.entries) {
            if (entry.write != null && entry.transaction.state == State.COMMITTED) {
                newest.put(entry.write.key(), entry.offset);
            }
        }
        partition.entries.removeIf(entry -> {
            if (entry.offset >= stable || entry.transaction.state == State.OPEN) {
                return false;
            }
            var write = entry.write;
            if (write == null || entry.transaction.state == State.ABORTED) {
                return true;
            }
            boolean isNewest = newest.getOrDefault(write.key(), -1L) == entry.offset;
            return !isNewest || (write.value() == null && entry.at.isBefore(tombstonesBefore));
        });
    }

    /** Deletes every topic. */
    void deleteAll() {
        partitions.clear();
        open.clear();
    }

    /** The newest committed value of each key of a topic, sorted by key; tombstoned keys are left out. */
    public Map<String, byte[]> table(Topic<?> topic) {
        var rows = new TreeMap<String, byte[]>();
        partitions.forEach((at, partition) -> {
            if (at.topic().equals(topic.name())) {
                for (var record : fetch(at, 0, Integer.MAX_VALUE).records()) {
                    var value = record.value();
                    if (value == null) {
                        rows.remove(record.key());
                    } else {
                        rows.put(record.key(), value);
                    }
                }
            }
        });
        return rows;
    }

    /** Every committed record that is still there, by partition and offset. */
    public List<LogRecord> history(Topic<?> topic) {
        var records = new ArrayList<LogRecord>();
        partitions.keySet().stream()
                .filter(at -> at.topic().equals(topic.name()))
                .toList()
                .forEach(at -> records.addAll(fetch(at, 0, Integer.MAX_VALUE).records()));
        return records;
    }

    private void end(Transaction transaction, State state, Instant now) {
        transaction.state = state;
        for (var at : transaction.partitions) {
            var partition = partition(at);
            partition.entries.add(new Entry(partition.end++, now, null, transaction));
        }
        listeners.forEach(Runnable::run);
    }

    private void check(String transactionalId, int epoch) {
        if (epochs.getOrDefault(transactionalId, 0) != epoch) {
            throw new FencedException();
        }
    }

    private Partition partition(TopicPartition at) {
        return partitions.computeIfAbsent(at, ignored -> new Partition());
    }
}
