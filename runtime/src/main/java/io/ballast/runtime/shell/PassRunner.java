package io.ballast.runtime.shell;

import io.ballast.runtime.shell.OwnedPartition.Finished;
import io.ballast.runtime.shell.ShellCounters.What;
import io.ballast.schemas.Encoding;
import io.ballast.schemas.Partitions;
import io.ballast.schemas.Topic;
import io.ballast.schemas.Topics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Runs one pass: asks the reconciler, encodes what it wants written with the mirrors beside it, and shows it in the tables
 * at once. That is safe because a commit that fails sends the partition back to its barrier, tables and all.
 */
final class PassRunner<C, R> {
    private final TopicPlan plan;
    private final Reconciler<C, R> reconciler;
    private final ShellCounters counters;

    PassRunner(TopicPlan plan, Reconciler<C, R> reconciler, ShellCounters counters) {
        this.plan = plan;
        this.reconciler = reconciler;
        this.counters = counters;
    }

    Finished<C> run(Tables tables, Key key, Cause cause, Instant now) {
        counters.add(What.PASSES, 1);
        var pass = reconciler.pass(key, cause, now);
        var writes = new ArrayList<LogWrite>();
        for (var output : pass.records()) {
            var encoded = writesOf(output, cause, now);
            int bytes = largest(encoded);
            if (bytes > Topics.VALUE_BYTES_MAX) {
                return instead(tables, key, cause, output, bytes, now);
            }
            writes.addAll(encoded);
        }
        pass.records().forEach(output -> show(tables, output));
        return new Finished<>(key, cause, List.copyOf(writes), pass.call(), pass.again());
    }

    /** What takes the place of a pass with an oversize record; oversize again, it is a failed pass like any other. */
    private Finished<C> instead(Tables tables, Key key, Cause cause, Output<?> output, int bytes, Instant now) {
        var pass = reconciler.tooLarge(key, output, bytes, Topics.VALUE_BYTES_MAX, now);
        var writes = new ArrayList<LogWrite>();
        pass.records().forEach(smaller -> writes.addAll(writesOf(smaller, cause, now)));
        if (largest(writes) > Topics.VALUE_BYTES_MAX) {
            throw new IllegalStateException(
                    "what was to replace record %s of %d bytes has %d bytes itself, more than %d"
                            .formatted(output.key(), bytes, largest(writes), Topics.VALUE_BYTES_MAX));
        }
        pass.records().forEach(smaller -> show(tables, smaller));
        return new Finished<>(key, cause, List.copyOf(writes), pass.call(), pass.again());
    }

    private static int largest(List<LogWrite> writes) {
        return writes.stream()
                .map(LogWrite::value)
                .filter(Objects::nonNull)
                .mapToInt(value -> value.length)
                .max()
                .orElse(0);
    }

    private <V> List<LogWrite> writesOf(Output<V> output, Cause cause, Instant now) {
        var writes = new ArrayList<LogWrite>();
        writes.add(write(output.topic(), output, cause, now));
        Topics.mirrorOf(output.topic()).ifPresent(mirror -> writes.add(write(mirror, output, cause, now)));
        return writes;
    }

    private <V> LogWrite write(Topic<V> topic, Output<V> output, Cause cause, Instant now) {
        var value = output.value();
        var bytes = value == null ? null : Encoding.encode(topic, value);
        int partition = topic.keyed() ? Partitions.of(output.partitionBy(), plan.keyedPartitions()) : 0;
        return new LogWrite(
                new TopicPartition(topic.name(), partition),
                output.key(),
                bytes,
                RecordHeaders.of(plan.service(), topic, output.key(), bytes, cause, now));
    }

    private <V> void show(Tables tables, Output<V> output) {
        if (output.topic().policy() == Topic.Policy.TABLE) {
            tables.put(output.topic(), output.key(), output.value());
        }
    }
}
