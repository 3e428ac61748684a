package io.ballast.runtime.shell;

import io.ballast.runtime.shell.Effect.Report.Level;
import io.ballast.runtime.shell.OwnedPartition.Finished;
import io.ballast.runtime.shell.ShellCounters.What;
import io.ballast.runtime.shell.UnitProgress.Stage;
import io.ballast.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The shell of one process: which partitions it owns, what they read, which passes run, what is committed and called. It
 * is passive: {@link #step} takes one event and returns what the driver has to do. Used by one thread.
 *
 * @param <C> calls of the service
 * @param <R> answers and news of the service
 */
public final class Shell<C, R> {
    private static final Duration LET_GO_WITHIN = Duration.ofSeconds(25);
    private static final Duration REST_MIN = Duration.ofSeconds(1);
    private static final Duration REST_MAX = Duration.ofSeconds(30);
    private static final Duration RETRY_MIN = Duration.ofSeconds(1);
    private static final Duration RETRY_MAX = Duration.ofSeconds(60);
    private static final int PASSES_PER_STEP = 500;

    private record RunningCall<C>(Key key, @Nullable UnitId unit, Cause cause, C call) {}

    private final TopicPlan plan;
    private final Reconciler<C, R> reconciler;
    private final ShellCounters counters = new ShellCounters();
    private final PassRunner<C, R> passes;
    private final Map<Integer, OwnedPartition<C>> units = new TreeMap<>();
    private final Map<Integer, Integer> restarts = new HashMap<>();
    private final DirtyKeys processDirty = new DirtyKeys();
    private final Map<Key, Boolean> processBusy = new HashMap<>();
    private final Timers timers = new Timers();
    private final Map<Long, RunningCall<C>> calls = new HashMap<>();
    private final List<Effect<C>> effects = new ArrayList<>();
    private long lives;
    private long callIds;
    private boolean stopping;
    private boolean moreToDo;

    public Shell(TopicPlan plan, Reconciler<C, R> reconciler) {
        this.plan = plan;
        this.reconciler = reconciler;
        this.passes = new PassRunner<>(plan, reconciler, counters);
    }

    /** Takes one event in; what the driver has to do now, in order. */
    public List<Effect<C>> step(Event<C, R> event, Instant now) {
        effects.clear();
        take(event, now);
        wake(now);
        runPasses(now);
        commitBatches();
        letGoOfQuietOnes(now);
        counters.set(
                What.DIRTY_KEYS,
                processDirty.size()
                        + units.values().stream()
                                .mapToInt(unit -> unit.dirty.size())
                                .sum());
        return List.copyOf(effects);
    }

    /** When to step with {@link Event.Tick} at the latest, maybe in the past; empty when only events can bring work. */
    public Optional<Instant> nextWake() {
        if (moreToDo) {
            return Optional.of(Instant.EPOCH);
        }
        return Stream.concat(
                        timers.next().stream(),
                        units.values().stream().flatMap(unit -> Stream.ofNullable(unit.deadline)))
                .min(Instant::compareTo);
    }

    /** Partitions that are not let go yet, sorted. */
    public Set<Integer> held() {
        return new TreeSet<>(units.keySet());
    }

    /** How far each owned partition is, by partition. */
    public List<UnitProgress> progress() {
        return units.values().stream()
                .map(unit -> new UnitProgress(unit.id, unit.stage, unit.reading.read(), unit.reading.total()))
                .toList();
    }

    public ShellCounters counters() {
        return counters;
    }

    private void take(Event<C, R> event, Instant now) {
        switch (event) {
            case Event.Assigned<C, R>(var partitions) -> partitions.forEach(this::own);
            case Event.Revoked<C, R>(var partitions) -> partitions.forEach(partition -> letGo(partition, now));
            case Event.Lost<C, R>(var partitions) -> partitions.forEach(this::drop);
            case Event.Stop<C, R> _ -> {
                stopping = true;
                held().forEach(partition -> letGo(partition, now));
            }
            case Event.ProducerOpened<C, R>(var id) ->
                current(id, Stage.FENCING).ifPresent(this::bound);
            case Event.EndsFound<C, R>(var id, var ends) ->
                current(id, Stage.BOUNDING).ifPresent(unit -> read(unit, ends, now));
            case Event.Fetched<C, R>(var id, var records, var positions) ->
                current(id).ifPresent(unit -> fetched(unit, records, positions, now));
            case Event.Committed<C, R>(var id, var batch, var offsets) ->
                current(id).ifPresent(unit -> committed(unit, batch, offsets, now));
            case Event.Fenced<C, R>(var id) ->
                current(id).ifPresent(unit -> restart(unit, "a newer owner exists", now));
            case Event.UnitFailed<C, R>(var id, var reason) ->
                current(id).ifPresent(unit -> restart(unit, reason, now));
            case Event.Answered<C, R>(var call, var answer) -> answered(call, answer, now);
            case Event.Told<C, R>(var news) -> guarded(() -> reconciler.told(news, marks(Cause.NONE), now));
            case Event.Tick<C, R> _ -> {}
        }
    }

    // --- ownership

    private void own(int partition) {
        if (stopping || units.containsKey(partition)) {
            return;
        }
        start(partition);
    }

    private void start(int partition) {
        var unit = new OwnedPartition<C>(new UnitId(partition, ++lives), plan);
        units.put(partition, unit);
        effects.add(new Effect.OpenProducer<>(unit.id));
    }

    private void bound(OwnedPartition<C> unit) {
        unit.stage = Stage.BOUNDING;
        effects.add(new Effect.FindEnds<>(unit.id, plan.reads(unit.id.partition())));
    }

    private void read(OwnedPartition<C> unit, Map<TopicPartition, Long> ends, Instant now) {
        unit.stage = Stage.READING;
        unit.reading.endAt(ends);
        effects.add(new Effect.Read<>(unit.id, plan.reads(unit.id.partition())));
        openAtBarrier(unit, now);
    }

    private void openAtBarrier(OwnedPartition<C> unit, Instant now) {
        if (unit.stage != Stage.READING || !unit.reading.isAtBarrier()) {
            return;
        }
        unit.reading.retryUndecoded();
        unit.stage = Stage.RUNNING;
        restarts.remove(unit.id.partition());
        effects.add(new Effect.StopReading<>(unit.id, plan.ownReads(unit.id.partition())));
        unit.reading.undecoded().forEach(record -> deadLetter(unit, record, now));
        guarded(() -> reconciler.opened(unit.id.partition(), unit.reading.tables(), marks(Cause.NONE), now));
        report(Level.INFO, "tables are complete", "partition", unit.id.partition(), "offsets", unit.reading.total());
    }

    private void letGo(int partition, Instant now) {
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

    private void letGoOfQuietOnes(Instant now) {
        for (var unit : List.copyOf(units.values())) {
            var deadline = unit.deadline;
            if (unit.stage == Stage.CLOSING && (unit.isQuiet() || (deadline != null && !now.isBefore(deadline)))) {
                drop(unit.id.partition());
            }
        }
    }

    private void drop(int partition) {
        var unit = units.remove(partition);
        if (unit != null) {
            close(unit);
            restarts.remove(partition);
        }
    }

    private void restart(OwnedPartition<C> unit, String reason, Instant now) {
        boolean wanted = unit.stage != Stage.CLOSING && !stopping;
        int partition = unit.id.partition();
        close(unit);
        units.remove(partition);
        if (!wanted) {
            return;
        }
        counters.add(What.RESTARTS, 1);
        var rest = Backoff.delay(REST_MIN, REST_MAX, restarts.merge(partition, 1, Integer::sum), unit.id.toString());
        report(Level.WARN, "starts again from the barrier", "partition", partition, "reason", reason, "rest", rest);
        var resting = new OwnedPartition<C>(new UnitId(partition, ++lives), plan);
        resting.stage = Stage.RESTING;
        resting.deadline = now.plus(rest);
        units.put(partition, resting);
    }

    private void close(OwnedPartition<C> unit) {
        if (unit.isOpen()) {
            guarded(() -> reconciler.closed(unit.id.partition()));
        }
        timers.forget(key -> key.partition() == unit.id.partition());
        if (unit.stage != Stage.RESTING) {
            effects.add(new Effect.Close<>(unit.id));
        }
    }

    // --- records

    private void fetched(
            OwnedPartition<C> unit, List<LogRecord> records, Map<TopicPartition, Long> positions, Instant now) {
        counters.add(What.RECORDS_READ, records.size());
        unit.reading.reached(positions);
        for (var record : records) {
            var change = unit.reading.take(record);
            if (!unit.isRunning()) {
                continue;
            }
            var marks = marks(RecordHeaders.cause(record.headers()));
            change.ifPresent(found -> changed(unit, found, marks, now));
            if (record.at().topic().equals(Topics.SCHEMAS.name())) {
                unit.reading.retryUndecoded().forEach(found -> changed(unit, found, marks, now));
            } else if (change.isEmpty() && !unit.reading.fault(record).isEmpty()) {
                deadLetter(unit, record, now);
            }
        }
        openAtBarrier(unit, now);
    }

    private void changed(OwnedPartition<C> unit, Change<?> change, Marks marks, Instant now) {
        guarded(() -> reconciler.changed(unit.id.partition(), change, marks, now));
    }

    /** A bug in a reconciler is reported and ends there: the process goes on with every other key. */
    private void guarded(Runnable notification) {
        try {
            notification.run();
        } catch (RuntimeException e) {
            report(Level.ERROR, "a reconciler failed to take something in", "error", e);
        }
    }

    private void deadLetter(OwnedPartition<C> unit, LogRecord record, Instant now) {
        var fault = unit.reading.fault(record);
        counters.add(What.DEAD_LETTERS, 1);
        unit.add(new Finished<>(
                null, Cause.NONE, List.of(DeadLetters.write(plan.service(), record, fault, now)), null, null));
        report(
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

    // --- passes

    private void wake(Instant now) {
        for (var unit : List.copyOf(units.values())) {
            var deadline = unit.deadline;
            if (unit.stage == Stage.RESTING && deadline != null && !now.isBefore(deadline)) {
                start(unit.id.partition());
            }
        }
        for (var key = timers.takeDue(now); key.isPresent(); key = timers.takeDue(now)) {
            mark(key.get(), Cause.NONE);
        }
    }

    private void runPasses(Instant now) {
        int left = PASSES_PER_STEP;
        boolean ran = true;
        while (ran && left > 0) {
            ran = false;
            var process = processDirty.takeFirst(key -> !processBusy.containsKey(key));
            if (process.isPresent()) {
                ran = true;
                left--;
                runProcessPass(process.get().getKey(), now);
            }
            for (var unit : units.values()) {
                if (left > 0 && unit.takesPasses() && runOne(unit, now)) {
                    ran = true;
                    left--;
                }
            }
        }
        moreToDo = left == 0;
    }

    private boolean runOne(OwnedPartition<C> unit, Instant now) {
        var tables = unit.reading.tables();
        var next = unit.dirty.takeFirst(key -> !tables.isUnreadable(key.name()));
        if (next.isEmpty()) {
            return false;
        }
        var key = next.get().getKey();
        timers.clear(key);
        try {
            var finished = passes.run(tables, key, next.get().getValue(), now);
            unit.failures.remove(key);
            if (finished.writes().isEmpty()) {
                end(unit, finished);
            } else {
                unit.busy.add(key);
                unit.add(finished);
            }
        } catch (RuntimeException e) {
            failed(unit, key, e, now);
        }
        return true;
    }

    private void failed(OwnedPartition<C> unit, Key key, RuntimeException e, Instant now) {
        counters.add(What.FAILED_PASSES, 1);
        int failures = unit.failures.merge(key, 1, Integer::sum);
        timers.set(key, now.plus(Backoff.delay(RETRY_MIN, RETRY_MAX, failures, key.name())));
        report(
                Level.ERROR,
                "a pass failed and is tried again",
                "service",
                key.name(),
                "failures",
                failures,
                "error",
                e);
    }

    private void runProcessPass(Key key, Instant now) {
        timers.clear(key);
        try {
            var pass = reconciler.pass(key, Cause.NONE, now);
            if (!pass.records().isEmpty()) {
                throw new IllegalStateException("a pass of no partition cannot write records: " + key);
            }
            counters.add(What.PASSES, 1);
            if (pass.again() != null) {
                timers.set(key, pass.again());
            }
            var call = pass.call();
            if (call != null) {
                processBusy.put(key, false);
                startCall(key, null, Cause.NONE, call);
            }
        } catch (RuntimeException e) {
            counters.add(What.FAILED_PASSES, 1);
            timers.set(key, now.plus(RETRY_MIN));
            report(Level.ERROR, "a pass failed and is tried again", "service", key.name(), "error", e);
        }
    }

    /** A pass whose records are committed, or that has none: make its call, or be done with it. */
    private void end(OwnedPartition<C> unit, Finished<C> finished) {
        var key = finished.key();
        if (key == null) {
            return;
        }
        var again = finished.again();
        if (again != null) {
            timers.set(key, again);
        }
        var call = finished.call();
        if (call != null && unit.isRunning()) {
            unit.busy.add(key);
            unit.runningCalls++;
            startCall(key, unit.id, finished.cause(), call);
        } else {
            release(unit, key);
        }
    }

    private void release(OwnedPartition<C> unit, Key key) {
        unit.busy.remove(key);
        var cause = unit.markedWhileBusy.remove(key);
        if (cause != null) {
            unit.dirty.mark(key, cause);
        }
    }

    private void startCall(Key key, @Nullable UnitId unit, Cause cause, C call) {
        counters.add(What.CALLS, 1);
        calls.put(++callIds, new RunningCall<>(key, unit, cause, call));
        effects.add(new Effect.StartCall<>(callIds, call));
    }

    private void answered(long id, R answer, Instant now) {
        var running = calls.remove(id);
        if (running == null) {
            return;
        }
        var key = running.key();
        var unitId = running.unit();
        if (unitId == null) {
            boolean markedMeanwhile = Boolean.TRUE.equals(processBusy.remove(key));
            guarded(() -> reconciler.answered(key, running.call(), answer, marks(running.cause()), now));
            if (markedMeanwhile) {
                processDirty.mark(key, Cause.NONE);
            }
            return;
        }
        current(unitId).ifPresent(unit -> {
            unit.runningCalls--;
            unit.markedWhileBusy.put(key, running.cause());
            guarded(() -> reconciler.answered(key, running.call(), answer, marks(running.cause()), now));
            release(unit, key);
        });
    }

    // --- commits

    private void commitBatches() {
        for (var unit : units.values()) {
            if (unit.isRunning()) {
                var writes = unit.nextBatch();
                if (!writes.isEmpty()) {
                    effects.add(new Effect.Commit<>(unit.id, unit.batch(), writes));
                }
            }
        }
    }

    private void committed(OwnedPartition<C> unit, long batch, Map<TopicPartition, Long> offsets, Instant now) {
        counters.add(What.COMMITS, 1);
        for (var finished : unit.committed(batch)) {
            counters.add(What.RECORDS_WRITTEN, finished.writes().size());
            var key = finished.key();
            if (key != null) {
                guarded(() -> reconciler.committed(key, offsets, marks(finished.cause()), now));
                end(unit, finished);
            }
        }
    }

    // --- marks

    private Marks marks(Cause cause) {
        return new Marks() {
            @Override
            public void mark(Key key) {
                Shell.this.mark(key, cause);
            }

            @Override
            public void markInBackground(Key key) {
                var unit = units.get(key.partition());
                if (unit != null && unit.isRunning() && !unit.busy.contains(key)) {
                    unit.dirty.markInBackground(key);
                } else {
                    Shell.this.mark(key, cause);
                }
            }

            @Override
            public void markAt(Key key, Instant time) {
                timers.set(key, time);
            }
        };
    }

    private void mark(Key key, Cause cause) {
        if (key.partition() == Key.PROCESS) {
            if (processBusy.computeIfPresent(key, (ignored, before) -> true) == null) {
                processDirty.mark(key, cause);
            }
            return;
        }
        var unit = units.get(key.partition());
        if (unit == null || !unit.isOpen()) {
            return;
        }
        if (unit.busy.contains(key)) {
            unit.markedWhileBusy.merge(key, cause, (before, after) -> after.equals(Cause.NONE) ? before : after);
        } else {
            unit.dirty.mark(key, cause);
        }
    }

    private Optional<OwnedPartition<C>> current(UnitId id) {
        return Optional.ofNullable(units.get(id.partition())).filter(unit -> unit.id.equals(id));
    }

    private Optional<OwnedPartition<C>> current(UnitId id, Stage stage) {
        return current(id).filter(unit -> unit.stage == stage);
    }

    private void report(Level level, String message, Object... values) {
        effects.add(new Effect.Report<>(level, message, List.of(values)));
    }
}
