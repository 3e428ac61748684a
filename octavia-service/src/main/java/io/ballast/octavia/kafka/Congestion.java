package io.ballast.octavia.kafka;

import io.ballast.octavia.loadbalancer.Failure;
import java.time.Duration;
import java.time.Instant;

/**
 * How many writes OpenStack takes at a time, found out by trying: each that goes well adds a little, one that it could not
 * take halves it. That is how TCP shares a line whose width nobody knows.
 *
 * @param limit writes at a time, from 1 to {@code most}; a fraction counts as not yet
 * @param most configured limit
 * @param halvedAt when it was last halved: what was under way then fails together, and counts once
 * @param restUntil nothing begins before: OpenStack asked for it with {@code Retry-After}
 */
record Congestion(double limit, int most, Instant halvedAt, Instant restUntil) {
    private static final Duration ROUND = Duration.ofSeconds(2);
    private static final Duration REST_MAX = Duration.ofMinutes(1);

    /** Nothing is known yet: as many as are configured. */
    static Congestion none(int most) {
        return new Congestion(most, most, Instant.MIN, Instant.MIN);
    }

    /** Whole writes at a time. */
    int writes() {
        return (int) limit;
    }

    boolean isResting(Instant now) {
        return now.isBefore(restUntil);
    }

    /** A write went well: one more at a time after as many of them as there may be. */
    Congestion relieved() {
        return new Congestion(Math.min(most, limit + 1 / limit), most, halvedAt, restUntil);
    }

    /**
     * A call failed. A load balancer that accepts no change, or a refusal, says nothing about how much OpenStack can take; that
     * it is busy (429, 503, a 409 that speaks of contention), breaks (any other 5xx) or does not answer does.
     */
    Congestion after(Failure failure, Instant now) {
        var isMeant = failure.kind() == Failure.Kind.BUSY || failure.kind() == Failure.Kind.UNKNOWN;
        return isMeant ? halved(now).rested(failure, now) : this;
    }

    private Congestion halved(Instant now) {
        return !halvedAt.equals(Instant.MIN) && now.isBefore(halvedAt.plus(ROUND))
                ? this
                : new Congestion(Math.max(1, limit / 2), most, now, restUntil);
    }

    private Congestion rested(Failure failure, Instant now) {
        var asked = failure.retryAfter();
        if (failure.kind() != Failure.Kind.BUSY || asked == null) {
            return this;
        }
        var until = now.plus(asked.compareTo(REST_MAX) > 0 ? REST_MAX : asked);
        return until.isAfter(restUntil) ? new Congestion(limit, most, halvedAt, until) : this;
    }
}
