package io.ballast.runtime.shell;

import io.ballast.runtime.shell.ShellCounters.What;
import io.ballast.runtime.shell.UnitProgress.Stage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The shell of one process: which partitions it owns and what they read ({@link Ownership}), which passes run, what is
 * committed and called ({@link Passes}). It is passive: {@link #step} takes one event and returns what the driver has to
 * do. Used by one thread.
 *
 * @param <C> calls of the service
 * @param <R> answers and news of the service
 */
public final class Shell<C, R> {
    private final Reconciler<C, R> reconciler;
    private final ShellCounters counters = new ShellCounters();
    private final Map<Integer, OwnedPartition<C>> units = new TreeMap<>();
    private final Outbox<C> out = new Outbox<>();
    private final Passes<C, R> passes;
    private final Ownership<C, R> ownership;

    public Shell(TopicPlan plan, Reconciler<C, R> reconciler) {
        this.reconciler = reconciler;
        this.passes = new Passes<>(plan, reconciler, counters, units, out);
        this.ownership = new Ownership<>(plan, reconciler, counters, units, passes, out);
    }

    /** Takes one event in; what the driver has to do now, in order. */
    public List<Effect<C>> step(Event<C, R> event, Instant now) {
        take(event, now);
        ownership.wake(now);
        passes.wake(now);
        passes.runPasses(now);
        passes.commitBatches();
        ownership.letGoOfQuietOnes(now);
        counters.set(What.DIRTY_KEYS, passes.waiting());
        return out.takeAll();
    }

    /** When to step with {@link Event.Tick} at the latest, maybe in the past; empty when only events can bring work. */
    public Optional<Instant> nextWake() {
        return Stream.concat(
                        passes.next().stream(),
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
            case Event.Assigned<C, R>(var partitions) -> partitions.forEach(ownership::own);
            case Event.Revoked<C, R>(var partitions) ->
                partitions.forEach(partition -> ownership.letGo(partition, now));
            case Event.Lost<C, R>(var partitions) -> partitions.forEach(ownership::drop);
            case Event.Stop<C, R> _ -> {
                passes.stop();
                ownership.stop(now);
            }
            case Event.ProducerOpened<C, R>(var id) ->
                current(id, Stage.FENCING).ifPresent(ownership::bound);
            case Event.EndsFound<C, R>(var id, var ends) ->
                current(id, Stage.BOUNDING).ifPresent(unit -> ownership.read(unit, ends, now));
            case Event.Fetched<C, R>(var id, var records, var positions) ->
                current(id).ifPresent(unit -> ownership.fetched(unit, records, positions, now));
            case Event.Committed<C, R>(var id, var batch, var offsets) ->
                current(id).ifPresent(unit -> passes.committed(unit, batch, offsets, now));
            case Event.Fenced<C, R>(var id) ->
                current(id).ifPresent(unit -> ownership.restart(unit, "a newer owner exists", now));
            case Event.UnitFailed<C, R>(var id, var reason) ->
                current(id).ifPresent(unit -> ownership.restart(unit, reason, now));
            case Event.Answered<C, R>(var call, var answer) -> passes.answered(call, answer, now);
            case Event.Told<C, R>(var news) -> out.guarded(() -> reconciler.told(news, passes.marks(Cause.NONE), now));
            case Event.Tick<C, R> _ -> {}
        }
    }

    private Optional<OwnedPartition<C>> current(UnitId id) {
        return Optional.ofNullable(units.get(id.partition())).filter(unit -> unit.id.equals(id));
    }

    private Optional<OwnedPartition<C>> current(UnitId id, Stage stage) {
        return current(id).filter(unit -> unit.stage == stage);
    }
}
