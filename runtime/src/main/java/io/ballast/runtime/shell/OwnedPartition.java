package io.ballast.runtime.shell;

import io.ballast.runtime.shell.UnitProgress.Stage;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One ownership of one partition.
 *
 * <pre>
 * RESTING → FENCING → BOUNDING → READING → RUNNING → CLOSING
 *    ↑__________|_________|_________|_________|   (anything indefinite: again from the barrier)
 * </pre>
 *
 * @param <C> calls of the service
 */
final class OwnedPartition<C> {
    private static final int BATCH_RECORDS_MAX = 500;

    /** A pass whose records wait for their commit, or are in it. */
    record Finished<C>(
            @Nullable Key key,
            Cause cause,
            List<LogWrite> writes,
            @Nullable C call,
            @Nullable Instant again) {}

    final UnitId id;
    final OwnedTables reading;
    final DirtyKeys dirty = new DirtyKeys();
    final Set<Key> busy = new HashSet<>();
    final Map<Key, Cause> markedWhileBusy = new HashMap<>();
    final Map<Key, Integer> failures = new HashMap<>();
    private final ArrayDeque<Finished<C>> pending = new ArrayDeque<>();
    private List<Finished<C>> inFlight = List.of();
    private int pendingRecords;
    private long batch;
    Stage stage = Stage.FENCING;

    @Nullable
    Instant deadline;

    int runningCalls;

    OwnedPartition(UnitId id, TopicPlan plan) {
        this.id = id;
        this.reading = new OwnedTables(plan, id.partition());
    }

    boolean isRunning() {
        return stage == Stage.RUNNING;
    }

    /** Whether reconciler and tables are in use: also while it is being let go. */
    boolean isOpen() {
        return stage == Stage.RUNNING || stage == Stage.CLOSING;
    }

    boolean takesPasses() {
        return isRunning() && pendingRecords < BATCH_RECORDS_MAX;
    }

    boolean isQuiet() {
        return inFlight.isEmpty() && runningCalls == 0;
    }

    void add(Finished<C> pass) {
        pending.add(pass);
        pendingRecords += pass.writes().size();
    }

    /** The next transaction: whole passes, at most 500 records unless a single pass has more. Empty while one is open. */
    List<LogWrite> nextBatch() {
        if (!inFlight.isEmpty() || pending.isEmpty() || stage == Stage.CLOSING) {
            return List.of();
        }
        var passes = new ArrayList<Finished<C>>();
        var writes = new ArrayList<LogWrite>();
        while (!pending.isEmpty()
                && (writes.isEmpty() || writes.size() + pending.peek().writes().size() <= BATCH_RECORDS_MAX)) {
            var pass = pending.remove();
            passes.add(pass);
            writes.addAll(pass.writes());
        }
        pendingRecords -= writes.size();
        inFlight = passes;
        batch++;
        return writes;
    }

    long batch() {
        return batch;
    }

    /** The passes of the open transaction, which is committed now. */
    List<Finished<C>> committed(long number) {
        if (number != batch) {
            throw new IllegalStateException("batch %d of %s is committed, but %d is open".formatted(number, id, batch));
        }
        var passes = inFlight;
        inFlight = List.of();
        return passes;
    }
}
