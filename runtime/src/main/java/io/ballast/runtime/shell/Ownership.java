package io.ballast.runtime.shell;

import io.ballast.runtime.shell.Effect.Report.Level;
import io.ballast.runtime.shell.OwnedPartition.Finished;
import io.ballast.runtime.shell.ShellCounters.What;
import io.ballast.runtime.shell.UnitProgress.Stage;
import io.ballast.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which partitions are ours and what they have read: from assignment over the barrier to letting go, and from the
 * barrier again after anything indefinite. The stages are those of {@link OwnedPartition}.
 */
final class Ownership<C, R> {
    private static final Duration LET_GO_WITHIN = Duration.ofSeconds(25);
    private static final Duration REST_MIN = Duration.ofSeconds(1);
    private static final Duration REST_MAX = Duration.ofSeconds(30);

    private final TopicPlan plan;
    private final Reconciler<C, R> reconciler;
    private final ShellCounters counters;
    private final Map<Integer, OwnedPartition<C>> units;
    private final Passes<C, R> passes;
    private final Outbox<C> out;
    private final Map<Integer, Integer> restarts = new HashMap<>();
    private long lives;
    private boolean stopping;

    /** @param units the owned partitions by number, kept here; empty at first */
    Ownership(
            TopicPlan plan,
            Reconciler<C, R> reconciler,
            ShellCounters counters,
            Map<Integer, OwnedPartition<C>> units,
            Passes<C, R> passes,
            Outbox<C> out) {
        this.plan = plan;
        this.reconciler = reconciler;
        this.counters = counters;
        this.units = units;
        this.passes = passes;
        this.out = out;
    }

    void stop(Instant now) {
        stopping = true;
        List.copyOf(units.keySet()).forEach(partition -> letGo(partition, now));
    }

    /** Starts those again whose rest is over. */
    void wake(Instant now) {
        for (var unit : List.copyOf(units.values())) {
            var deadline = unit.deadline;
            if (unit.stage == Stage.RESTING && deadline != null && !now.isBefore(deadline)) {
                start(unit.id.partition());
            }
        }
    }

    /** The partition is ours now. */
    void own(int partition) {
        if (stopping || units.containsKey(partition)) {
            return;
        }
        start(partition);
    }

    private void start(int partition) {
        var unit = new OwnedPartition<C>(new UnitId(partition, ++lives), plan);
        units.put(partition, unit);
        out.add(new Effect.OpenProducer<>(unit.id));
    }

    /** Earlier owners are fenced: from now on the ends of the topics do not move under us. */
    void bound(OwnedPartition<C> unit) {
        unit.stage = Stage.BOUNDING;
        out.add(new Effect.FindEnds<>(unit.id, plan.reads(unit.id.partition())));
    }

    /** The ends are known: reads up to them. */
    void read(OwnedPartition<C> unit, Map<TopicPartition, Long> ends, Instant now) {
        unit.stage = Stage.READING;
        unit.reading.endAt(ends);
        out.add(new Effect.Read<>(unit.id, plan.reads(unit.id.partition())));
        openAtBarrier(unit, now);
    }

    private void openAtBarrier(OwnedPartition<C> unit, Instant now) {
        if (unit.stage != Stage.READING || !unit.reading.isAtBarrier()) {
            return;
        }
        unit.reading.retryUndecoded();
        unit.stage = Stage.RUNNING;
        restarts.remove(unit.id.partition());
        out.add(new Effect.StopReading<>(unit.id, plan.ownReads(unit.id.partition())));
        unit.reading.undecoded().forEach(record -> deadLetter(unit, record, now));
        out.guarded(() -> reconciler.opened(unit.id.partition(), unit.reading.tables(), passes.marks(Cause.NONE), now));
        out.report(
                Level.INFO, "tables are complete", "partition", unit.id.partition(), "offsets", unit.reading.total());
    }

    /** Starts nothing new there and lets go once what runs has ended, or time is up. */
    void letGo(int partition, Instant now) {
        var unit = units.get(partition);
        if (unit == null) {
            return;
        }
        if (!unit.isOpen()) {
            drop(partition);
        } else if (unit.isRunning()) {
            unit.stage = Stage.CLOSING;
            unit.deadline = now.plus(LET_GO_WITHIN);
        }
    }

    /** Lets go of what was to be let go and has ended. */
    void letGoOfQuietOnes(Instant now) {
        for (var unit : List.copyOf(units.values())) {
            var deadline = unit.deadline;
            if (unit.stage == Stage.CLOSING && (unit.isQuiet() || (deadline != null && !now.isBefore(deadline)))) {
                drop(unit.id.partition());
            }
        }
    }

    /** Lets go at once. */
    void drop(int partition) {
        var unit = units.remove(partition);
        if (unit != null) {
            close(unit);
            restarts.remove(partition);
        }
    }

    /** Something indefinite happened: what was shown may not be true, so everything is read again. */
    void restart(OwnedPartition<C> unit, String reason, Instant now) {
        boolean wanted = unit.stage != Stage.CLOSING && !stopping;
        int partition = unit.id.partition();
        close(unit);
        units.remove(partition);
        if (!wanted) {
            return;
        }
        counters.add(What.RESTARTS, 1);
        int times = restarts.merge(partition, 1, Integer::sum);
        var rest = Backoff.delay(REST_MIN, REST_MAX, times, unit.id.toString());
        if (times == 1) { // an outage is told once, however often it is tried
            out.report(
                    Level.WARN,
                    "starts again from the barrier, until it succeeds",
                    "partition",
                    partition,
                    "reason",
                    reason,
                    "rest",
                    rest);
        }
        var resting = new OwnedPartition<C>(new UnitId(partition, ++lives), plan);
        resting.stage = Stage.RESTING;
        resting.deadline = now.plus(rest);
        units.put(partition, resting);
    }

    private void close(OwnedPartition<C> unit) {
        if (unit.isOpen()) {
            out.guarded(() -> reconciler.closed(unit.id.partition()));
        }
        passes.forget(unit.id.partition());
        if (unit.stage != Stage.RESTING) {
            out.add(new Effect.Close<>(unit.id));
        }
    }

    /** Takes records in; after the barrier each change is told. */
    void fetched(OwnedPartition<C> unit, List<LogRecord> records, Map<TopicPartition, Long> positions, Instant now) {
        counters.add(What.RECORDS_READ, records.size());
        unit.reading.reached(positions);
        for (var record : records) {
            var change = unit.reading.take(record);
            if (!unit.isRunning()) {
                continue;
            }
            var marks = passes.marks(RecordHeaders.cause(record.headers()));
            change.ifPresent(found -> changed(unit, found, marks, now));
            if (record.at().topic().equals(Topics.SCHEMAS.name())) {
                unit.reading.retryUndecoded().forEach(found -> changed(unit, found, marks, now));
            } else if (unit.reading.isUndecoded(record)) {
                deadLetter(unit, record, now);
            }
        }
        openAtBarrier(unit, now);
    }

    private void changed(OwnedPartition<C> unit, Change<?> change, Marks marks, Instant now) {
        out.guarded(() -> reconciler.changed(unit.id.partition(), change, marks, now));
    }

    private void deadLetter(OwnedPartition<C> unit, LogRecord record, Instant now) {
        var fault = unit.reading.fault(record);
        counters.add(What.DEAD_LETTERS, 1);
        unit.add(new Finished<>(
                null, Cause.NONE, List.of(DeadLetters.write(plan.service(), record, fault, now)), null, null));
        out.report(
                Level.WARN,
                "undecodable record",
                "topic",
                record.at().topic(),
                "partition",
                record.at().partition(),
                "offset",
                record.offset(),
                "key",
                record.key(),
                "reason",
                fault);
    }
}
