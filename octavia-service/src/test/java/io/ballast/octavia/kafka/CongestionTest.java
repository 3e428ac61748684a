package io.ballast.octavia.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.octavia.loadbalancer.Failure;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CongestionTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void halvesOnceForWhatFailsTogether() {
        // Given
        var none = Congestion.none(16);

        // When
        var once = none.after(busy(null), NOW).after(busy(null), NOW.plusMillis(900));
        var again = once.after(busy(null), NOW.plusSeconds(3));

        // Then
        assertThat(once.writes()).isEqualTo(8);
        assertThat(again.writes()).isEqualTo(4);
    }

    @Test
    void neverStopsAltogether() {
        var congestion = Congestion.none(16);
        for (int i = 0; i < 20; i++) {
            congestion = congestion.after(busy(null), NOW.plusSeconds(3L * i));
        }

        assertThat(congestion.writes()).isEqualTo(1);
    }

    @Test
    void growsByOneForAsManyGoodWritesAsThereMayBeAtATime() {
        // Given
        var congestion = Congestion.none(16).after(busy(null), NOW);

        // When
        for (int i = 0; i < 9; i++) {
            congestion = congestion.relieved();
        }

        // Then
        assertThat(congestion.writes()).isEqualTo(9);
    }

    @Test
    void growsNoFurtherThanConfigured() {
        var congestion = Congestion.none(2);
        for (int i = 0; i < 100; i++) {
            congestion = congestion.relieved();
        }

        assertThat(congestion.writes()).isEqualTo(2);
    }

    @Test
    void restsAsLongAsAskedButAMinuteAtMost() {
        // When
        var asked = Congestion.none(16).after(busy(Duration.ofSeconds(7)), NOW);
        var much = Congestion.none(16).after(busy(Duration.ofHours(7)), NOW);
        var shorter = asked.after(busy(Duration.ofSeconds(1)), NOW);

        // Then
        assertThat(asked.isResting(NOW.plusMillis(6_999))).isTrue();
        assertThat(asked.isResting(NOW.plusSeconds(7))).isFalse();
        assertThat(much.restUntil()).isEqualTo(NOW.plusSeconds(60));
        assertThat(shorter.restUntil()).isEqualTo(asked.restUntil());
    }

    @Test
    void takesNoNoticeOfWhatSaysNothingAboutLoad() {
        var none = Congestion.none(16);
        for (var kind : new Failure.Kind[] {
            Failure.Kind.IMMUTABLE, Failure.Kind.CONFLICT, Failure.Kind.REFUSED, Failure.Kind.QUOTA, Failure.Kind.GONE
        }) {
            assertThat(none.after(new Failure(kind, 409, "", null, Duration.ofSeconds(5)), NOW))
                    .isEqualTo(none);
        }
    }

    private static Failure busy(@Nullable Duration retryAfter) {
        return new Failure(Failure.Kind.BUSY, 503, "Project busy", null, retryAfter);
    }
}
