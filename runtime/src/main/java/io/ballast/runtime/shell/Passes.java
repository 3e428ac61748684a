package io.ballast.runtime.shell;

import io.ballast.runtime.shell.Effect.Report.Level;
import io.ballast.runtime.shell.OwnedPartition.Finished;
import io.ballast.runtime.shell.ShellCounters.What;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What runs on the owned partitions: passes over marked keys, the commits of what they wrote, and after these the calls
 * they asked for. A key has one pass or call at a time.
 */
final class Passes<C, R> {
    private static final Duration RETRY_MIN = Duration.ofSeconds(1);
    private static final Duration RETRY_MAX = Duration.ofSeconds(60);
    private static final int PASSES_PER_STEP = 500;

    private record RunningCall<C>(Key key, @Nullable UnitId unit, Cause cause, C call) {}

    private final TopicPlan plan;
    private final Reconciler<C, R> reconciler;
    private final ShellCounters counters;
    private final Map<Integer, OwnedPartition<C>> units;
    private final Outbox<C> out;
    private final PassRunner<C, R> runner;
    private final DirtyKeys processDirty = new DirtyKeys();
    private final Map<Key, Boolean> processBusy = new HashMap<>();
    private final Timers timers = new Timers();
    private final Map<Long, RunningCall<C>> calls = new HashMap<>();
    private long callIds;
    private boolean moreToDo;
    private boolean stopping;

    /** @param units the owned partitions by number, kept by {@link Ownership} */
    Passes(
            TopicPlan plan,
            Reconciler<C, R> reconciler,
            ShellCounters counters,
            Map<Integer, OwnedPartition<C>> units,
            Outbox<C> out) {
        this.plan = plan;
        this.reconciler = reconciler;
        this.counters = counters;
        this.units = units;
        this.out = out;
        this.runner = new PassRunner<>(plan, reconciler, counters);
    }

    /** The process ends: keys of no partition get no pass any more. */
    void stop() {
        stopping = true;
    }

    /** When a key is to be looked at, maybe in the past; empty when only events can bring work. */
    Optional<Instant> next() {
        return moreToDo ? Optional.of(Instant.EPOCH) : timers.next();
    }

    /** Keys that wait for a pass. */
    int waiting() {
        return processDirty.size()
                + units.values().stream().mapToInt(unit -> unit.dirty.size()).sum();
    }

    /** A partition is no longer open: its keys need no look. */
    void forget(int partition) {
        timers.forget(key -> key.partition() == partition);
    }

    /** Marks the keys whose time has come. */
    void wake(Instant now) {
        for (var key = timers.takeDue(now); key.isPresent(); key = timers.takeDue(now)) {
            mark(key.get(), Cause.NONE);
        }
    }

    /** Runs passes, a bounded number in one step. */
    void runPasses(Instant now) {
        int left = PASSES_PER_STEP;
        boolean ran = true;
        while (ran && left > 0) {
            ran = false;
            var process = processDirty.takeFirst(key -> !stopping && !processBusy.containsKey(key));
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
        var next = unit.dirty.takeFirst(key -> !tables.isUnreadable(key.name(), plan.inputs()));
        if (next.isEmpty()) {
            return false;
        }
        var key = next.get().getKey();
        timers.clear(key);
        try {
            var finished = runner.run(tables, key, next.get().getValue(), now);
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
        out.report(
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
            out.report(Level.ERROR, "a pass failed and is tried again", "service", key.name(), "error", e);
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
        out.add(new Effect.StartCall<>(callIds, call));
    }

    /** An answer to an earlier life of the partition is dropped. */
    void answered(long id, R answer, Instant now) {
        var running = calls.remove(id);
        if (running == null) {
            return;
        }
        var key = running.key();
        var unitId = running.unit();
        if (unitId == null) {
            boolean markedMeanwhile = Boolean.TRUE.equals(processBusy.remove(key));
            out.guarded(() -> reconciler.answered(key, running.call(), answer, marks(running.cause()), now));
            if (markedMeanwhile) {
                processDirty.mark(key, Cause.NONE);
            }
            return;
        }
        Optional.ofNullable(units.get(unitId.partition()))
                .filter(unit -> unit.id.equals(unitId))
                .ifPresent(unit -> {
                    unit.runningCalls--;
                    unit.markedWhileBusy.put(key, running.cause());
                    out.guarded(
                            () -> reconciler.answered(key, running.call(), answer, marks(key, running.cause()), now));
                    release(unit, key);
                });
    }

    /** Begins a transaction on each partition that has something to write and none open. */
    void commitBatches() {
        for (var unit : units.values()) {
            if (unit.isRunning()) {
                var writes = unit.nextBatch();
                if (!writes.isEmpty()) {
                    out.add(new Effect.Commit<>(unit.id, unit.batch(), writes));
                }
            }
        }
    }

    /** The open transaction is committed: now, and not before, its calls are made. */
    void committed(OwnedPartition<C> unit, long batch, Map<TopicPartition, Long> offsets, Instant now) {
        counters.add(What.COMMITS, 1);
        for (var finished : unit.committed(batch)) {
            counters.add(What.RECORDS_WRITTEN, finished.writes().size());
            var key = finished.key();
            if (key != null) {
                out.guarded(() -> reconciler.committed(key, offsets, marks(finished.cause()), now));
                end(unit, finished);
            }
        }
    }

    /** Marks in the name of a cause that is a key's own: another key that its answer lets go on has a cause of its own. */
    private Marks marks(Key own, Cause cause) {
        var ofOwn = marks(cause);
        var ofOthers = marks(Cause.NONE);
        return new Marks() {
            @Override
            public void mark(Key key) {
                (key.equals(own) ? ofOwn : ofOthers).mark(key);
            }

            @Override
            public void markInBackground(Key key) {
                (key.equals(own) ? ofOwn : ofOthers).markInBackground(key);
            }

            @Override
            public void markAt(Key key, Instant time) {
                timers.set(key, time);
            }
        };
    }

    /** Marks in the name of a cause. */
    Marks marks(Cause cause) {
        return new Marks() {
            @Override
            public void mark(Key key) {
                Passes.this.mark(key, cause);
            }

            @Override
            public void markInBackground(Key key) {
                var unit = units.get(key.partition());
                if (unit != null && unit.isRunning() && !unit.busy.contains(key)) {
                    unit.dirty.markInBackground(key);
                } else {
                    Passes.this.mark(key, cause);
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
}
