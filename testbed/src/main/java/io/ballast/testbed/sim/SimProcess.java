package io.ballast.testbed.sim;

import io.ballast.runtime.shell.Calls;
import io.ballast.runtime.shell.Effect;
import io.ballast.runtime.shell.Event;
import io.ballast.runtime.shell.Reconciler;
import io.ballast.runtime.shell.Shell;
import io.ballast.runtime.shell.ShellCounters;
import io.ballast.runtime.shell.TopicPartition;
import io.ballast.runtime.shell.TopicPlan;
import io.ballast.runtime.shell.UnitId;
import io.ballast.watcher.snapshot.WatcherCall;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One process of a service: the driver of the production shell over the models. It can be killed, and paused so that it
 * wakes as a zombie.
 *
 * @param <C> calls of the service
 * @param <R> answers and news of the service
 */
public final class SimProcess<C, R> {
    /** A pattern of process names whose every step is printed: for a person who looks for a cause. */
    private static final @Nullable String TRACED = System.getProperty("ballast.sim.trace");

    private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(10);

    /** What a planted defect changes in the driver. */
    public record Defects(boolean noBarrier, boolean producerReused) {
        public static final Defects NONE = new Defects(false, false);
    }

    private static final class Owned {
        private int epoch;
        private final Map<TopicPartition, Long> positions = new TreeMap<>();
        private boolean fetchScheduled;
    }

    private final String name;
    private final TopicPlan plan;
    private final Schedule schedule;
    private final SimLog log;
    private final Supplier<Faults> faults;
    private final Defects defects;
    private final CallPoints points;
    private final Shell<C, R> shell;
    private final Function<Effect.StartCall<C>, Duration> arrival;
    private final Calls<C, R> calls;
    private final Map<UnitId, Owned> owned = new HashMap<>();
    private final ArrayDeque<Event<C, R>> whilePaused = new ArrayDeque<>();
    private final List<String> errors = new ArrayList<>();
    private @Nullable Instant wakeAt;
    private boolean alive = true;
    private boolean paused;

    SimProcess(
            String name,
            TopicPlan plan,
            Reconciler<C, R> reconciler,
            Calls<C, R> calls,
            Schedule schedule,
            SimLog log,
            Supplier<Faults> faults,
            Defects defects,
            CallPoints points) {
        this.name = name;
        this.plan = plan;
        this.schedule = schedule;
        this.log = log;
        this.faults = faults;
        this.defects = defects;
        this.points = points;
        this.calls = calls;
        this.shell = new Shell<>(plan, reconciler);
        this.arrival = ignored -> schedule.chance(faults.get().callLate())
                ? schedule.between(Duration.ofSeconds(1), Duration.ofMinutes(1))
                : schedule.millis(1, 20);
        log.onChange(this::scheduleFetches);
        calls.listen(news -> schedule.after(schedule.millis(0, 5), () -> deliver(new Event.Told<>(news))));
    }

    public String name() {
        return name;
    }

    boolean isAlive() {
        return alive;
    }

    boolean isResponsive() {
        return alive && !paused;
    }

    Set<Integer> held() {
        return alive ? shell.held() : Set.of();
    }

    /** What its shell reported as an error: in a run without defects there is none. */
    List<String> errors() {
        return errors;
    }

    String describe() {
        var counts = new StringBuilder();
        for (var what : ShellCounters.What.values()) {
            counts.append(' ').append(what).append('=').append(shell.counters().get(what));
        }
        return "%s alive=%s paused=%s %s wakes %s%s"
                .formatted(name, alive, paused, shell.progress(), shell.nextWake(), counts);
    }

    /** Dies at once; what it sent to others is on its way all the same. */
    void kill() {
        alive = false;
        calls.close();
    }

    void pause() {
        paused = true;
    }

    void resume() {
        paused = false;
        while (alive && !paused && !whilePaused.isEmpty()) {
            deliver(whilePaused.remove());
        }
        scheduleFetches();
    }

    void deliver(Event<C, R> event) {
        if (!alive) {
            return;
        }
        if (paused) {
            whilePaused.add(event);
            return;
        }
        var effects = shell.step(event, schedule.now());
        if (TRACED != null && name.matches(TRACED)) {
            System.out.println(schedule.now() + " " + name + " " + event + " -> " + effects);
        }
        effects.forEach(this::perform);
        scheduleWake();
    }

    private void scheduleWake() {
        shell.nextWake().ifPresent(time -> {
            var soon = time.isBefore(schedule.now()) ? schedule.now() : time;
            var planned = wakeAt;
            if (planned == null || soon.isBefore(planned)) {
                wakeAt = soon;
                schedule.at(soon, () -> {
                    if (soon.equals(wakeAt)) {
                        wakeAt = null;
                        deliver(new Event.Tick<>());
                    }
                });
            }
        });
    }

    private void perform(Effect<C> effect) {
        switch (effect) {
            case Effect.OpenProducer<C>(var unit) ->
                later(() -> {
                    var own = new Owned();
                    own.epoch = log.initProducer(transactionalId(unit), schedule.now());
                    owned.put(unit, own);
                    deliver(new Event.ProducerOpened<>(unit));
                });
            case Effect.FindEnds<C>(var unit, var partitions) ->
                later(() ->
                        deliver(new Event.EndsFound<>(unit, defects.noBarrier() ? Map.of() : log.ends(partitions))));
            case Effect.Read<C>(var unit, var partitions) -> {
                var own = owned.get(unit);
                if (own != null) {
                    partitions.forEach(at -> own.positions.put(at, 0L));
                    scheduleFetch(unit, own);
                }
            }
            case Effect.StopReading<C>(var unit, var partitions) -> {
                var own = owned.get(unit);
                if (own != null && !defects.noBarrier()) {
                    own.positions.keySet().removeAll(partitions);
                }
            }
            case Effect.Commit<C> commit -> later(() -> commit(commit));
            case Effect.StartCall<C> start -> schedule.after(arrival.apply(start), () -> call(start));
            case Effect.Close<C>(var unit) -> owned.remove(unit);
            case Effect.Report<C>(var level, var message, var values) -> {
                if (level == Effect.Report.Level.ERROR) {
                    errors.add(schedule.now() + " " + name + ": " + message + " " + values);
                }
            }
        }
    }

    private void later(Runnable what) {
        schedule.after(schedule.millis(1, 30), () -> {
            if (alive) {
                what.run();
            }
        });
    }

    private String transactionalId(UnitId unit) {
        return plan.service() + "-" + unit.partition();
    }

    private void commit(Effect.Commit<C> commit) {
        var own = owned.get(commit.unit());
        if (own == null) {
            return;
        }
        var crash = points.reached(name + " commits " + commit.writes());
        try {
            var transaction = log.append(transactionalId(commit.unit()), own.epoch, commit.writes(), schedule.now());
            schedule.after(TRANSACTION_TIMEOUT, () -> log.timeOut(transaction, schedule.now()));
            if (schedule.chance(faults.get().commitHangs())) {
                indefinite(commit, "no answer to the commit");
                return;
            }
            if (crash == CallPoints.Crash.BEFORE) {
                points.kill(this);
            } else {
                later(() -> endTransaction(commit, own, transaction, crash));
            }
        } catch (SimLog.FencedException e) {
            deliver(new Event.Fenced<>(commit.unit()));
        }
    }

    private void endTransaction(
            Effect.Commit<C> commit, Owned own, SimLog.Transaction transaction, CallPoints.@Nullable Crash crash) {
        try {
            var offsets = log.commit(transaction, own.epoch, schedule.now());
            if (crash == CallPoints.Crash.ANSWER_LOST) {
                points.kill(this);
            } else if (schedule.chance(faults.get().commitUnanswered())) {
                indefinite(commit, "the answer to the commit is lost");
            } else {
                deliver(new Event.Committed<>(commit.unit(), commit.batch(), offsets));
                killAfter(crash);
            }
        } catch (SimLog.FencedException e) {
            deliver(new Event.Fenced<>(commit.unit()));
        }
    }

    private void indefinite(Effect.Commit<C> commit, String reason) {
        if (defects.producerReused()) {
            deliver(new Event.Committed<>(commit.unit(), commit.batch(), Map.of()));
        } else {
            deliver(new Event.UnitFailed<>(commit.unit(), reason));
        }
    }

    private void killAfter(CallPoints.@Nullable Crash crash) {
        if (crash == CallPoints.Crash.AFTER) {
            points.kill(this);
        }
    }

    /** Reads of Kubernetes change nothing outside, and a death at one is a death between the calls around it. */
    private static boolean isCounted(Object call) {
        return !(call instanceof WatcherCall)
                || call instanceof WatcherCall.PatchFinalizers
                || call instanceof WatcherCall.PatchStatus
                || call instanceof WatcherCall.PostEvent;
    }

    private void call(Effect.StartCall<C> start) {
        var crash = isCounted(start.call()) ? points.reached(name + " calls " + start.call()) : null;
        if (crash == CallPoints.Crash.BEFORE) {
            points.kill(this);
            return;
        }
        var reply = new CallReply<R>();
        try {
            reply.answer = calls.call(start.call());
        } catch (RuntimeException e) {
            reply.answer = calls.failed(start.call(), e);
        }
        var answer = reply.answer;
        int connection = connection();
        if (crash == CallPoints.Crash.ANSWER_LOST) {
            points.kill(this);
            return;
        }
        schedule.after(took(), () -> {
            boolean wasCut = connection() != connection;
            deliver(new Event.Answered<>(
                    start.id(),
                    wasCut ? calls.failed(start.call(), new IllegalStateException("the connection was cut")) : answer));
            killAfter(crash);
        });
    }

    private static final class CallReply<R> {
        private @Nullable R answer;
    }

    private Duration took() {
        return calls instanceof Timed timed ? timed.lastTook() : schedule.millis(1, 20);
    }

    private int connection() {
        return calls instanceof Timed timed ? timed.connection() : 0;
    }

    /** Calls that know how long the last one took. */
    interface Timed {
        Duration lastTook();

        /** Another one each time that the other side was started anew, which cuts the calls that are under way. */
        default int connection() {
            return 0;
        }
    }

    private void scheduleFetches() {
        if (isResponsive()) {
            List.copyOf(owned.entrySet()).forEach(entry -> scheduleFetch(entry.getKey(), entry.getValue()));
        }
    }

    private void scheduleFetch(UnitId unit, Owned own) {
        if (!own.fetchScheduled && !own.positions.isEmpty()) {
            own.fetchScheduled = true;
            schedule.after(schedule.millis(1, 25), () -> {
                own.fetchScheduled = false;
                if (isResponsive() && owned.get(unit) == own) {
                    fetch(unit, own);
                }
            });
        }
    }

    /** Reads from some of the partitions, not too much at a time, so that topics interleave in every way. */
    private void fetch(UnitId unit, Owned own) {
        var records = new ArrayList<io.ballast.runtime.shell.LogRecord>();
        var positions = new TreeMap<TopicPartition, Long>();
        boolean more = false;
        for (var entry : List.copyOf(own.positions.entrySet())) {
            if (schedule.chance(0.3)) {
                more = true;
                continue;
            }
            int max = 1 + schedule.pick(20);
            var fetch = log.fetch(entry.getKey(), entry.getValue(), max);
            records.addAll(fetch.records());
            if (fetch.position() != entry.getValue()) {
                positions.put(entry.getKey(), fetch.position());
                own.positions.put(entry.getKey(), fetch.position());
            }
            more |= fetch.records().size() == max;
        }
        if (!positions.isEmpty()) {
            deliver(new Event.Fetched<>(unit, records, positions));
        }
        if (more) {
            scheduleFetch(unit, own);
        }
    }
}
