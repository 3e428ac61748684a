package io.ballast.octavia.kafka;

import io.ballast.octavia.loadbalancer.Failure;
import java.time.Duration;

/** How long to wait: after failures, and between two looks at what is PENDING. */
final class Pauses {
    private static final Duration FIRST_LOOK = Duration.ofMillis(200);
    private static final Duration YOUNG = Duration.ofSeconds(60);
    private static final Duration YOUNG_MAX = Duration.ofSeconds(1);
    private static final Duration OLD = Duration.ofSeconds(5);
    private static final int DOUBLINGS_MAX = 20;

    private Pauses() {}

    /** After so many failures in a row: doubling from a base to a limit that the kind of failure sets. */
    static Duration after(Failure failure, int failures) {
        var asked = failure.retryAfter();
        if (asked != null) {
            return asked.compareTo(Duration.ofMinutes(5)) > 0 ? Duration.ofMinutes(5) : asked;
        }
        return switch (failure.kind()) {
            case IMMUTABLE, CONFLICT, BUSY, GONE -> doubling(Duration.ofSeconds(1), Duration.ofSeconds(30), failures);
            case FLOATING_IP_GONE -> doubling(Duration.ofSeconds(1), Duration.ofMinutes(5), failures); // ipam ends it
            case UNREACHABLE -> doubling(Duration.ofSeconds(1), Duration.ofSeconds(30), failures);
            case UNKNOWN -> doubling(Duration.ofSeconds(2), Duration.ofSeconds(60), failures);
            case ADDRESS_TAKEN -> doubling(Duration.ofSeconds(1), Duration.ofSeconds(60), failures);
            case FORBIDDEN, NO_ROUTER_PATH, QUOTA, REFUSED ->
                doubling(Duration.ofSeconds(10), Duration.ofMinutes(5), failures);
        };
    }

    private static Duration doubling(Duration base, Duration limit, int failures) {
        var pause = base.multipliedBy(1L << Math.min(DOUBLINGS_MAX, Math.max(0, failures - 1)));
        return pause.compareTo(limit) > 0 ? limit : pause;
    }

    /** Whether something has been PENDING for so long that its end is not awaited by the second. */
    static boolean isOld(Duration age) {
        return age.compareTo(YOUNG) >= 0;
    }

    /** Until the next look at something that has been PENDING for so long. */
    static Duration look(Duration age) {
        if (isOld(age)) {
            return OLD;
        }
        var quarter = age.dividedBy(4);
        if (quarter.compareTo(FIRST_LOOK) < 0) {
            return FIRST_LOOK;
        }
        return quarter.compareTo(YOUNG_MAX) > 0 ? YOUNG_MAX : quarter;
    }
}
