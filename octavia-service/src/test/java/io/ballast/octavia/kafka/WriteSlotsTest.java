package io.ballast.octavia.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.octavia.kafka.WriteSlots.Use;
import io.ballast.octavia.kafka.WriteSlots.Wish;
import io.ballast.octavia.loadbalancer.Failure;
import io.ballast.runtime.shell.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WriteSlotsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Wish URGENT = new Wish(Use.WRITE, "", true);
    private static final Wish RESYNC = new Wish(Use.WRITE, "", false);
    private static final Wish CREATE = new Wish(Use.CREATE, "", true);

    private final WriteSlots slots = new WriteSlots(4, 16);

    @Test
    void countsCreatesByProject() {
        // Given
        IntStream.range(0, 4).forEach(i -> slots.take(key(i), CREATE, NOW));

        // When
        var fifth = slots.take(key(4), CREATE, NOW);
        var elsewhere = slots.take(key(5), new Wish(Use.CREATE, "project-b", true), NOW);

        // Then
        assertThat(fifth).isFalse();
        assertThat(elsewhere).isTrue();
        assertThat(slots.creates()).isEqualTo(5);
    }

    @Test
    void aCreateKeepsTheSlotOfItsLook() {
        // Given
        IntStream.range(0, 4).forEach(i -> slots.take(key(i), CREATE, NOW));
        slots.take(key(4), CREATE, NOW);

        // When
        var again = slots.take(key(0), CREATE, NOW);

        // Then
        assertThat(again).isTrue();
        assertThat(slots.creates()).isEqualTo(4);
    }

    @Test
    void aPersonsChangeIsNextHoweverMuchResyncThereIs() {
        // Given
        IntStream.range(0, 1_000).forEach(i -> slots.take(key(i), RESYNC, NOW));
        assertThat(slots.writes()).isEqualTo(12);

        // When
        var person = IntStream.range(2_000, 2_004)
                .filter(i -> slots.take(key(i), URGENT, NOW))
                .count();

        // Then
        assertThat(person).isEqualTo(4);
    }

    @Test
    void aSlotThatResyncLeavesGoesToAPersonFirst() {
        // Given
        IntStream.range(0, 12).forEach(i -> slots.take(key(i), RESYNC, NOW));
        IntStream.range(20, 24).forEach(i -> slots.take(key(i), URGENT, NOW));
        slots.take(key(30), RESYNC, NOW);
        slots.take(key(31), URGENT, NOW);

        // When
        slots.leave(key(0));

        // Then
        assertThat(slots.take(key(30), RESYNC, NOW)).isFalse();
        assertThat(slots.awoken(NOW)).containsExactly(key(31));
        assertThat(slots.take(key(31), URGENT, NOW)).isTrue();
    }

    @Test
    void wakesThoseWhoWaitInTheirOrderAndOnlyWhenASlotWasLeft() {
        // Given
        IntStream.range(0, 8).forEach(i -> slots.take(key(i), CREATE, NOW));
        slots.take(key(4), CREATE, NOW); // tries again in vain and keeps its place
        assertThat(slots.awoken(NOW)).isEmpty();

        // When
        slots.leave(key(2));

        // Then
        assertThat(slots.awoken(NOW)).containsExactly(key(4), key(5), key(6), key(7));
        assertThat(slots.awoken(NOW)).isEmpty();
    }

    @Test
    void beginsNothingWhileOpenStackWantsToBeLeftAlone() {
        // Given
        slots.failed(new Failure(Failure.Kind.BUSY, 429, "", null, Duration.ofSeconds(5)), NOW);

        // When
        var now = slots.take(key(1), new Wish(Use.READ, "", true), NOW.plusSeconds(4));
        var later = slots.take(key(1), new Wish(Use.READ, "", true), NOW.plusSeconds(5));

        // Then
        assertThat(now).isFalse();
        assertThat(later).isTrue();
    }

    @Test
    void readsAndWritesDoNotStandInEachOthersWay() {
        // Given
        IntStream.range(0, 16).forEach(i -> slots.take(key(i), URGENT, NOW));

        // When
        var read = slots.take(key(20), new Wish(Use.READ, "", false), NOW);

        // Then
        assertThat(read).isTrue();
        assertThat(slots.writes()).isEqualTo(16);
    }

    @Test
    void aPartitionThatIsLetGoLeavesItsSlots() {
        // Given
        IntStream.range(0, 16).forEach(i -> slots.take(key(i), URGENT, NOW));
        slots.take(new Key(1, "other"), URGENT, NOW);

        // When
        slots.forget(0);

        // Then
        assertThat(slots.awoken(NOW)).containsExactly(new Key(1, "other"));
    }

    private static Key key(int i) {
        return new Key(0, "demo/shop/s" + i);
    }
}
