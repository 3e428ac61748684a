package io.ballast.openstack;

import com.fasterxml.jackson.databind.node.TextNode;
import io.ballast.openstack.RestReply.Answered;
import io.ballast.openstack.RestRequest.Api;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;

/**
 * A cloud whose services are asked no faster than is configured, and not at all while they want to be left alone: 429 and 503
 * with {@code Retry-After} hold for every request to that service. A request waits for its turn, but not for long: what would
 * is answered 429 without being sent, so that the caller does not hold on to what it has decided.
 */
final class PacedRest implements Rest {
    /** Longest wait for a turn; far below the time after which a take-over looks for late calls. */
    static final Duration WAIT_MAX = Duration.ofSeconds(10);

    private static final int TOO_MANY = 429;
    private static final int UNAVAILABLE = 503;

    private final Rest cloud;
    private final InstantSource clock;
    private final Sleep sleep;
    private final Waits waits;
    private final Map<Api, Pace> paces = new EnumMap<>(Api.class);

    /** How time is let pass. */
    @FunctionalInterface
    interface Sleep {
        void of(Duration time) throws InterruptedException;
    }

    /** Hears of each wait. */
    @FunctionalInterface
    interface Waits {
        void waited(Api api, Duration time);
    }

    PacedRest(Rest cloud, double perSecond, InstantSource clock, Sleep sleep, Waits waits) {
        this.cloud = cloud;
        this.clock = clock;
        this.sleep = sleep;
        this.waits = waits;
        for (var api : Api.values()) {
            paces.put(api, Pace.of(perSecond, clock.instant()));
        }
    }

    @Override
    public RestReply send(RestRequest request) {
        var waited = Duration.ZERO;
        for (var wait = turn(request.api()); !wait.isZero(); wait = rest(request.api())) {
            waited = waited.plus(wait);
            if (waited.compareTo(WAIT_MAX) > 0) {
                return notSent(request.api(), wait);
            }
            waits.waited(request.api(), wait);
            try {
                sleep.of(wait);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return new RestReply.Unanswered("interrupted before it was sent", false);
            }
        }
        var reply = cloud.send(request);
        if (reply instanceof Answered answered
                && (answered.status() == TOO_MANY || answered.status() == UNAVAILABLE)
                && answered.retryAfter() != null) {
            rest(request.api(), answered.retryAfter());
        }
        return reply;
    }

    private synchronized Duration turn(Api api) {
        var turn = pace(api).next(clock.instant());
        if (turn.delay().compareTo(WAIT_MAX) <= 0) {
            paces.put(api, turn.after());
        }
        return turn.delay();
    }

    private synchronized Duration rest(Api api) {
        return pace(api).rest(clock.instant());
    }

    private synchronized void rest(Api api, Duration asked) {
        paces.put(api, pace(api).resting(asked, clock.instant()));
    }

    private Pace pace(Api api) {
        var pace = paces.get(api);
        if (pace == null) {
            throw new IllegalStateException("no pace of " + api);
        }
        return pace;
    }

    private static Answered notSent(Api api, Duration wait) {
        return new Answered(
                TOO_MANY,
                TextNode.valueOf(
                        "not sent: the turn of this request to %s comes in %d s only".formatted(api, wait.toSeconds())),
                null,
                wait);
    }
}
