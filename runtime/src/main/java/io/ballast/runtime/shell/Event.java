package io.ballast.runtime.shell;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the driver tells the shell.
 *
 * @param <C> calls of the service
 * @param <R> answers and news of the service
 */
public sealed interface Event<C, R> {
    /** These partitions of the lead topic are ours now, beside those we have. */
    record Assigned<C, R>(Set<Integer> partitions) implements Event<C, R> {}

    /** These partitions are asked back: start nothing new, end what runs, then let go. */
    record Revoked<C, R>(Set<Integer> partitions) implements Event<C, R> {}

    /** These partitions are another's already: let go at once. */
    record Lost<C, R>(Set<Integer> partitions) implements Event<C, R> {}

    /** The process is to end: every partition is let go as if revoked. */
    record Stop<C, R>() implements Event<C, R> {}

    /** Answer to {@link Effect.OpenProducer}: earlier owners are fenced. */
    record ProducerOpened<C, R>(UnitId unit) implements Event<C, R> {}

    /** Something that an ownership rests on broke; it starts again from the barrier. */
    record UnitFailed<C, R>(UnitId unit, String reason) implements Event<C, R> {}

    /** Answer to {@link Effect.FindEnds}: for each, the offset after the last record a committed reader sees. */
    record EndsFound<C, R>(UnitId unit, Map<TopicPartition, Long> ends) implements Event<C, R> {}

    /** Records read, in the order of each partition, and the positions reached, also where no record was seen. */
    record Fetched<C, R>(UnitId unit, List<LogRecord> records, Map<TopicPartition, Long> positions)
            implements Event<C, R> {}

    /** The transaction is committed. */
    record Committed<C, R>(UnitId unit, long batch, Map<TopicPartition, Long> nextOffsets) implements Event<C, R> {}

    /** The transaction was refused because a newer owner exists. */
    record Fenced<C, R>(UnitId unit) implements Event<C, R> {}

    /** A call is answered. */
    record Answered<C, R>(long call, R answer) implements Event<C, R> {}

    /** News that no call asked for. */
    record Told<C, R>(R news) implements Event<C, R> {}

    /** Time has passed. */
    record Tick<C, R>() implements Event<C, R> {}
}
