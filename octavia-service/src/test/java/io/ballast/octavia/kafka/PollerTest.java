package io.ballast.octavia.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.runtime.shell.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Looks at what is PENDING, on a virtual clock. */
class PollerTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Key KEY = new Key(0, "demo/shop/web");

    private final Poller poller = new Poller();
    private final Map<String, List<Instant>> looks = new HashMap<>();
    private final List<Instant> calls = new ArrayList<>();

    @Test
    void looksFirstAfterAFifthOfASecond() {
        poller.add("a", KEY, START);

        assertThat(poller.next()).contains(START.plusMillis(200));
    }

    @Test
    void noticesTheEndWithinASecondForAMinuteAndThenLooksEveryFiveSeconds() {
        // Given
        poller.add("a", KEY, START);

        // When
        runUntil(START.plusSeconds(120));

        // Then
        var of = looks.getOrDefault("a", List.of());
        for (int i = 1; i < of.size(); i++) {
            var gap = Duration.between(of.get(i - 1), of.get(i));
            if (of.get(i).isBefore(START.plusSeconds(60))) {
                assertThat(gap).isLessThanOrEqualTo(Duration.ofSeconds(1));
            } else if (of.get(i - 1).isAfter(START.plusSeconds(60))) {
                assertThat(gap).isEqualTo(Duration.ofSeconds(5));
            }
        }
        assertThat(of).hasSizeBetween(60, 90);
    }

    @Test
    void loadBalancersOfDifferentAgesShareLooks() {
        // Given
        poller.add("old", KEY, START);
        runUntil(START.plusSeconds(30));
        for (int i = 0; i < 20; i++) {
            poller.add("b" + i, KEY, START.plusSeconds(20).plusMillis(37L * i));
        }
        calls.clear();
        looks.clear();

        // When
        runUntil(START.plusSeconds(50));

        // Then
        int each = looks.values().stream().mapToInt(List::size).sum();
        assertThat(looks).hasSize(21);
        assertThat(calls.size()).as("calls for %d looks", each).isLessThan(each / 8);
        for (int i = 1; i < calls.size(); i++) {
            assertThat(Duration.between(calls.get(i - 1), calls.get(i))).isGreaterThanOrEqualTo(Duration.ofMillis(200));
        }
    }

    @Test
    void aStuckOneIsNotLookedAtMoreOftenBecauseOthersAreYoung() {
        // Given
        poller.add("stuck", KEY, START);
        runUntil(START.plusSeconds(100));
        looks.clear();
        var random = new Random(1);

        // When a new one comes every half second, and ends after two
        for (int i = 0; i < 200; i++) {
            var now = START.plusSeconds(100).plusMillis(500L * i + random.nextInt(100));
            poller.add("young" + i, KEY, now);
            poller.remove("young" + (i - 4));
            runUntil(now.plusMillis(400));
        }

        // Then
        assertThat(looks.getOrDefault("stuck", List.of())).hasSizeBetween(18, 21);
        assertThat(calls).hasSizeLessThan(1_000);
    }

    @Test
    void whatEndedOrIsNotOursAnyMoreIsNotLookedAt() {
        // Given
        poller.add("a", KEY, START);
        poller.add("b", new Key(1, "demo/shop/other"), START);

        // When
        poller.remove("a");
        poller.forget(1);

        // Then
        assertThat(poller.next()).isEmpty();
        assertThat(poller.keyOf("b")).isEmpty();
    }

    /** Every look finds everything PENDING, and takes 30 ms. */
    private void runUntil(Instant end) {
        var next = poller.next();
        while (next.isPresent() && !next.get().isAfter(end)) {
            var now = next.get();
            calls.add(now);
            poller.take(now).forEach(id -> {
                looks.computeIfAbsent(id, _ -> new ArrayList<>()).add(now);
                poller.seen(id, now);
            });
            next = poller.next();
        }
    }
}
