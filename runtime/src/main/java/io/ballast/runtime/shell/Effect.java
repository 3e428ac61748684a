package io.ballast.runtime.shell;

import java.util.List;
import java.util.Set;

/**
 * What the shell asks of the driver. None of them blocks the shell; each says which event answers it.
 *
 * @param <C> calls of the service
 */
public sealed interface Effect<C> {
    /** Open the transactional producer of the partition and fence its earlier owners: {@link Event.ProducerOpened}. */
    record OpenProducer<C>(UnitId unit) implements Effect<C> {}

    /** Ask for the end offsets that a committed reader sees: {@link Event.EndsFound}. */
    record FindEnds<C>(UnitId unit, Set<TopicPartition> partitions) implements Effect<C> {}

    /** Read these from their beginning and keep on: {@link Event.Fetched}. */
    record Read<C>(UnitId unit, Set<TopicPartition> partitions) implements Effect<C> {}

    /** Read these no longer. */
    record StopReading<C>(UnitId unit, Set<TopicPartition> partitions) implements Effect<C> {}

    /** Write these in one transaction: {@link Event.Committed}, {@link Event.Fenced} or {@link Event.UnitFailed}. */
    record Commit<C>(UnitId unit, long batch, List<LogWrite> writes) implements Effect<C> {}

    /** Make a call on a thread of its own: {@link Event.Answered}. */
    record StartCall<C>(long id, C call) implements Effect<C> {}

    /** Close producer and reader of this ownership, without waiting for anything. */
    record Close<C>(UnitId unit) implements Effect<C> {}

    /** Something for the log. */
    record Report<C>(Level level, String message, List<Object> values) implements Effect<C> {
        /** How loud. */
        public enum Level {
            INFO,
            WARN,
            ERROR
        }
    }
}
