package io.ballast.runtime.shell;

import java.util.EnumMap;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/** What a shell did so far. Written by the thread that steps the shell, read by any. */
public final class ShellCounters {
    /** What is counted; all but the last only ever grow. */
    public enum What {
        /** Passes run. */
        PASSES,
        /** Passes that threw and are tried again. */
        FAILED_PASSES,
        /** Records read. */
        RECORDS_READ,
        /** Records in committed transactions. */
        RECORDS_WRITTEN,
        /** Committed transactions. */
        COMMITS,
        /** Calls made. */
        CALLS,
        /** Records that could not be read. */
        DEAD_LETTERS,
        /** Times an ownership started again from the barrier. */
        RESTARTS,
        /** Keys that wait for a pass now. */
        DIRTY_KEYS
    }

    private final EnumMap<What, AtomicLong> counts = new EnumMap<>(What.class);

    ShellCounters() {
        for (var what : What.values()) {
            counts.put(what, new AtomicLong());
        }
    }

    void add(What what, long count) {
        of(what).addAndGet(count);
    }

    void set(What what, long count) {
        of(what).set(count);
    }

    public long get(What what) {
        return of(what).get();
    }

    private AtomicLong of(What what) {
        return Objects.requireNonNull(counts.get(what));
    }
}
