package io.ballast.runtime.shell;

import java.time.Duration;

/** Growing delays with jitter. The jitter comes from who asks, not from chance, so a run can be repeated. */
final class Backoff {
    private static final int DOUBLINGS_MAX = 20;

    private Backoff() {}

    /**
     * The delay before the next attempt: doubled for each failure between min and max, then shortened by up to a half.
     *
     * @param failures failures so far, at least 1
     * @param who spreads those that failed together
     */
    static Duration delay(Duration min, Duration max, int failures, String who) {
        var doubled = min.multipliedBy(1L << Math.min(failures - 1, DOUBLINGS_MAX));
        var capped = doubled.compareTo(max) > 0 ? max : doubled;
        long spread = Math.floorMod((who + failures).hashCode(), 1000);
        return capped.minus(capped.multipliedBy(spread).dividedBy(2000));
    }
}
