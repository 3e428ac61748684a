package io.ballast.octavia.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FullReadsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:07:13Z");
    private static final Duration INTERVAL = Duration.ofHours(6);
    private static final Duration RESYNC = Duration.ofMinutes(10);

    @Test
    void givesEachItsTurnOnceInTheIntervalWhateverTheListsAre() {
        for (var step : new Duration[] {Duration.ofMinutes(1), RESYNC, Duration.ofMinutes(77), INTERVAL}) {
            var id = UUID.nameUUIDFromBytes(step.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8))
                    .toString();
            long steps = Duration.ofHours(60).dividedBy(step);
            long turns = LongStream.range(0, steps)
                    .filter(i -> FullReads.isDue(
                            id, INTERVAL, NOW.plus(step.multipliedBy(i)), NOW.plus(step.multipliedBy(i + 1))))
                    .count();
            assertThat(turns).as("a list every %s", step).isBetween(9L, 10L);
        }
    }

    @Test
    void spreadsThemEvenly() {
        for (int list = 0; list < 36; list++) {
            var since = NOW.plus(RESYNC.multipliedBy(list));
            long due = LongStream.range(0, 3_600)
                    .mapToObj(i -> new UUID(i, ~i).toString())
                    .filter(id -> FullReads.isDue(id, INTERVAL, since, since.plus(RESYNC)))
                    .count();
            assertThat(due).as("list %d of 36, of 3,600", list).isBetween(50L, 150L);
        }
    }
}
