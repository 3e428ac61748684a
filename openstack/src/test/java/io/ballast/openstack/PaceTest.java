package io.ballast.openstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void letsASecondsWorthGoAtOnceAndTheRestInTurn() {
        // Given
        var pace = Pace.of(10, NOW);
        for (int i = 0; i < 10; i++) {
            var turn = pace.next(NOW);
            assertThat(turn.delay()).isZero();
            pace = turn.after();
        }

        // When
        var eleventh = pace.next(NOW);
        var twelfth = eleventh.after().next(NOW);

        // Then
        assertThat(eleventh.delay()).isEqualTo(Duration.ofMillis(100));
        assertThat(twelfth.delay()).isEqualTo(Duration.ofMillis(200));
    }

    @Test
    void neverLetsMoreGoThanConfiguredHoweverTheyCome() {
        // Given
        var pace = Pace.of(10, NOW);
        int sent = 0;

        // When one asks every 7 ms for 10 s, and goes when its turn has come
        for (int millis = 0; millis < 10_000; millis += 7) {
            var now = NOW.plusMillis(millis);
            var turn = pace.next(now);
            if (!now.plus(turn.delay()).isAfter(NOW.plusSeconds(10))) {
                sent++;
                pace = turn.after();
            }
        }

        // Then
        assertThat(sent).isBetween(109, 110);
    }

    @Test
    void savesNoMoreThanASecondsWorthWhileItIsQuiet() {
        // Given
        var pace = Pace.of(10, NOW);
        var later = NOW.plusSeconds(3_600);

        // When
        for (int i = 0; i < 10; i++) {
            pace = pace.next(later).after();
        }

        // Then
        assertThat(pace.next(later).delay()).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void waitsForTheRestThatWasAskedForAndAMinuteAtMost() {
        assertThat(Pace.of(10, NOW)
                        .resting(Duration.ofSeconds(7), NOW)
                        .next(NOW.plusSeconds(2))
                        .delay())
                .isEqualTo(Duration.ofSeconds(5));
        assertThat(Pace.of(10, NOW).resting(Duration.ofDays(7), NOW).next(NOW).delay())
                .isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void allowsLessThanOneInASecond() {
        var first = Pace.of(0.5, NOW).next(NOW);

        assertThat(first.delay()).isZero();
        assertThat(first.after().next(NOW).delay()).isEqualTo(Duration.ofSeconds(2));
    }
}
