package io.ballast.runtime.shell;

import java.time.Instant;
import java.util.Map;

/**
 * What a service makes of its tables: the one piece that differs between the four. One for the process, called by one
 * thread. It keeps what it saw of the outside world, and nothing that a restart would miss; what it decides, it decides
 * by static functions of its core.
 *
 * @param <C> calls it asks for
 * @param <R> answers to them, and news that come unasked
 */
public interface Reconciler<C, R> {
    /** The barrier of a partition is passed: its tables are complete. Marks every key that has to be looked at. */
    void opened(int partition, Tables tables, Marks marks, Instant now);

    /** A partition is no longer owned, or starts again from the barrier: what is known of it is to be forgotten. */
    void closed(int partition);

    /** A row was replaced by a record of another writer, after the barrier. The table already shows it. */
    void changed(int partition, Change<?> change, Marks marks, Instant now);

    /** One pass over one marked key. Must not change anything but caches. */
    Pass<C> pass(Key key, Cause cause, Instant now);

    /**
     * The records of a pass are committed.
     *
     * @param nextOffsets for each topic partition written by the transaction, the offset after its last record
     */
    default void committed(Key key, Map<TopicPartition, Long> nextOffsets, Marks marks, Instant now) {}

    /** A call is answered. A key of a partition is marked by the shell anyway; others may be marked here. */
    void answered(Key key, C call, R answer, Marks marks, Instant now);

    /** News from outside that no call asked for. */
    default void told(R news, Marks marks, Instant now) {
        throw new IllegalStateException("no news are expected: " + news);
    }

    /**
     * A record of the pass is larger than Kafka takes; the pass is dropped and this one takes its place. Its records must
     * be smaller.
     *
     * @param bytes encoded size
     * @param max largest size, bytes
     */
    default Pass<C> tooLarge(Key key, Output<?> output, int bytes, int max, Instant now) {
        throw new IllegalStateException("record %s of topic %s has %d bytes, more than %d"
                .formatted(output.key(), output.topic().name(), bytes, max));
    }
}
