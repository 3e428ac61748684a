package io.ballast.ipam.allocation;

import java.time.Duration;
import java.time.Instant;

/**
 * What looks at one floating IP by its id showed, those in a row that showed the same.
 *
 * @param isThere whether they found it
 * @param since when the first of them was answered
 * @param last when the last of them was answered
 * @param looks how many they are, at least 1
 */
public record Sight(boolean isThere, Instant since, Instant last, int looks) {
    /** One look may be answered by a replica that is behind: two that are this far apart are believed. */
    static final Duration APART = Duration.ofSeconds(10);

    private static final Duration PAUSE_MAX = Duration.ofMinutes(10);
    private static final int DOUBLINGS_MAX = 10;

    /** The first look. */
    public static Sight first(boolean isThere, Instant now) {
        return new Sight(isThere, now, now, 1);
    }

    /** After one more look. */
    public Sight then(boolean isThereNow, Instant now) {
        return isThereNow == isThere ? new Sight(isThere, since, now, looks + 1) : first(isThereNow, now);
    }

    /** Whether it is not there, beyond the doubt that a single look leaves. */
    boolean isGone() {
        return !isThere && Duration.between(since, last).compareTo(APART) >= 0;
    }

    /** When to look once more, while there is a doubt. */
    Instant next() {
        var pause = APART.multipliedBy(1L << Math.min(looks - 1, DOUBLINGS_MAX));
        return last.plus(pause.compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : pause);
    }
}
