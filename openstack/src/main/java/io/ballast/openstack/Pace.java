package io.ballast.openstack;

import java.time.Duration;
import java.time.Instant;

/**
 * When the next request to one service may go out: so many in a second, as many at once after a quiet second, and none while
 * the service wants to be left alone. A value; what changes is a new one.
 *
 * @param perSecond requests in a second
 * @param left requests that may go out at once; below 0 when some wait for their turn
 * @param at when that was so
 * @param restUntil when the service may be asked again; in the past when it may
 */
record Pace(double perSecond, double left, Instant at, Instant restUntil) {
    /** Longest rest that a service may ask for. */
    static final Duration REST_MAX = Duration.ofMinutes(1);

    private static final double NANOS = 1e9;

    Pace {
        if (!(perSecond > 0)) {
            throw new IllegalArgumentException("%s requests per second are not more than 0".formatted(perSecond));
        }
    }

    /** A service that nothing was sent to. */
    static Pace of(double perSecond, Instant now) {
        return new Pace(perSecond, Math.max(1, perSecond), now, Instant.MIN);
    }

    /**
     * What one more request means.
     *
     * @param after the pace once it has its turn
     * @param delay how long until then
     */
    record Turn(Pace after, Duration delay) {}

    /** Takes the next turn. */
    Turn next(Instant now) {
        double elapsed = Math.max(0, Duration.between(at, now).toNanos() / NANOS);
        double room = Math.min(Math.max(1, perSecond), left + elapsed * perSecond) - 1;
        var wait = room >= 0 ? Duration.ZERO : Duration.ofNanos((long) Math.ceil(-room / perSecond * NANOS));
        var rest = rest(now);
        return new Turn(
                new Pace(perSecond, room, now.isAfter(at) ? now : at, restUntil),
                rest.compareTo(wait) > 0 ? rest : wait);
    }

    /** For how long it wants to be left alone from now. */
    Duration rest(Instant now) {
        return now.isBefore(restUntil) ? Duration.between(now, restUntil) : Duration.ZERO;
    }

    /** The service asked to be left alone for a time; a minute at most is granted. */
    Pace resting(Duration asked, Instant now) {
        var until = now.plus(asked.compareTo(REST_MAX) > 0 ? REST_MAX : asked);
        return until.isAfter(restUntil) ? new Pace(perSecond, left, at, until) : this;
    }
}
