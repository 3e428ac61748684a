package io.ballast.openstack;

import io.ballast.openstack.RestReply.Answered;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cloud whose settings, or whose file of authorities, may change while we run: they are read again from time to time, and at
 * once when a request was refused with 401. What cannot be read, such as a file that is half written, changes nothing.
 */
final class ReloadingRest implements Rest {
    private static final Logger LOGGER = LoggerFactory.getLogger(ReloadingRest.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(10);
    private static final Duration LOOK_AT_MOST_EVERY = Duration.ofSeconds(1);
    private static final int UNAUTHORIZED = 401;

    private final CloudSource source;
    private final Function<CloudSettings, Rest> opening;
    private final InstantSource clock;
    private final ReentrantLock looking = new ReentrantLock();
    private volatile Opened opened;
    private volatile Instant lookedAt;
    private volatile String trouble = "";

    private record Opened(CloudSettings settings, String authorities, Rest rest) {}

    ReloadingRest(CloudSource source, Function<CloudSettings, Rest> opening, InstantSource clock) {
        this.source = source;
        this.opening = opening;
        this.clock = clock;
        this.opened = open(source.first(), Trust.fingerprint(source.first()));
        this.lookedAt = clock.instant();
    }

    private Opened open(CloudSettings settings, String authorities) {
        return new Opened(settings, authorities, opening.apply(settings));
    }

    @Override
    public RestReply send(RestRequest request) {
        look(LOOK_EVERY);
        var began = clock.instant();
        var used = opened;
        var reply = used.rest().send(request);
        if (reply instanceof Answered answered && answered.status() == UNAUTHORIZED) {
            look(LOOK_AT_MOST_EVERY);
            var now = opened;
            boolean mayRepeat = Openstack4jRest.mayRepeat(
                    request, began, clock.instant(), used.settings().queryTimeout());
            return now.equals(used) || !mayRepeat ? reply : now.rest().send(request); // refused is not done
        }
        return reply;
    }

    /** Reads the settings again, unless that was done in this time. Whoever comes while another reads waits for it. */
    private void look(Duration unlessWithin) {
        if (clock.instant().isBefore(lookedAt.plus(unlessWithin))) {
            return;
        }
        looking.lock();
        try {
            if (clock.instant().isBefore(lookedAt.plus(unlessWithin))) {
                return;
            }
            lookedAt = clock.instant();
            var settings = source.now();
            var authorities = Trust.fingerprint(settings);
            if (!settings.equals(opened.settings()) || !authorities.equals(opened.authorities())) {
                opened = open(settings, authorities);
                LOGGER.atInfo().addKeyValue("cloud", settings.cloud()).log("settings of the cloud were read anew");
            }
            trouble = "";
        } catch (IllegalArgumentException e) {
            var words = String.valueOf(e.getMessage());
            if (!words.equals(trouble)) {
                trouble = words;
                LOGGER.atWarn()
                        .addKeyValue("reason", words)
                        .log("settings of the cloud cannot be read: those before stay in use");
            }
        } finally {
            looking.unlock();
        }
    }
}
