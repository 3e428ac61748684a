package io.ballast.watcher.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** When a key whose call failed may call again: after 1 s, then twice as long each time, up to a minute. */
final class Retries {
    private static final int DOUBLINGS_MAX = 6;
    private static final Duration REST_MAX = Duration.ofMinutes(1);

    private record Rest(int failures, Instant until) {}

    private final Map<String, Rest> rests = new HashMap<>();

    void failed(String key, Instant now) {
        int failures =
                1 + Optional.ofNullable(rests.get(key)).map(Rest::failures).orElse(0);
        var rest = Duration.ofSeconds(1L << Math.min(failures - 1, DOUBLINGS_MAX));
        rests.put(key, new Rest(failures, now.plus(rest.compareTo(REST_MAX) > 0 ? REST_MAX : rest)));
    }

    void succeeded(String key) {
        rests.remove(key);
    }

    /** Everybody may call at once: what kept them from it is over. */
    void clear() {
        rests.clear();
    }

    Optional<Instant> restsUntil(String key, Instant now) {
        return Optional.ofNullable(rests.get(key)).map(Rest::until).filter(now::isBefore);
    }
}
