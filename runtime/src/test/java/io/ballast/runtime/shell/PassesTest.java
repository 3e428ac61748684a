package io.ballast.runtime.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Passes, commits and calls of the shell. */
class PassesTest {
    private static final String KEY = Desk.keysIn(0, 2).getFirst();
    private static final String OTHER = Desk.keysIn(0, 2).getLast();

    private final Desk desk = new Desk();

    @Test
    void aRecordIsCommittedBeforeTheCallOfItsPassIsMade() {
        // Given
        desk.script.passes.put(KEY, () -> new Pass<>(List.of(Desk.slice(KEY, "started")), "create", null));
        desk.script.atFirst = List.of(new Key(0, KEY));
        var unit = desk.opens(0);
        assertThat(desk.commit().writes()).hasSize(1);
        assertThat(desk.callsStarted()).isEmpty();

        // When
        desk.commits(unit);

        // Then
        assertThat(desk.callsStarted()).containsExactly("create");
    }

    @Test
    void aFencedCommitMakesNoCall() {
        // Given
        desk.script.passes.put(KEY, () -> new Pass<>(List.of(Desk.slice(KEY, "started")), "create", null));
        desk.script.atFirst = List.of(new Key(0, KEY));
        var unit = desk.opens(0);

        // When
        desk.step(new Event.Fenced<>(unit));

        // Then
        assertThat(desk.callsStarted()).isEmpty();
        assertThat(desk.asked()).contains(new Effect.Close<>(unit));
    }

    @Test
    void anIndefiniteErrorStartsAgainFromTheBarrierAndForgetsWhatWasShownTooEarly() {
        // Given
        desk.script.passes.put(KEY, () -> Pass.write(List.of(Desk.slice(KEY, "shown"))));
        desk.script.atFirst = List.of(new Key(0, KEY));
        var unit = desk.opens(0);
        var shown = desk.script.tables(0);
        assertThat(shown.of(Topics.ENDPOINT_SLICES).get(KEY + "/copy")).isPresent();

        // When
        desk.step(new Event.UnitFailed<>(unit, "the broker went away"));
        desk.script.passes.clear();
        desk.script.atFirst = List.of();
        desk.pass(Duration.ofSeconds(1));
        var next = desk.reachesBarrier();

        // Then
        assertThat(next).isNotEqualTo(unit);
        assertThat(desk.script.heard).containsExactly("opened 0", "closed 0", "opened 0");
        var reread = desk.script.tables(0);
        assertThat(reread.of(Topics.ENDPOINT_SLICES).rows()).isEmpty();
    }

    @Test
    void aPassThatThrowsDelaysOnlyItsKeyAndTheDelayGrows() {
        // Given
        desk.script.passes.put(KEY, () -> {
            throw new IllegalStateException("a bug");
        });
        desk.script.atFirst = List.of(new Key(0, KEY), new Key(0, OTHER));

        // When
        desk.opens(0);
        var delays = new ArrayList<Duration>();
        for (int i = 0; i < 8; i++) {
            var wake = desk.shell.nextWake().orElseThrow();
            delays.add(Duration.between(desk.now, wake));
            desk.now = wake;
            desk.tick();
        }

        // Then
        assertThat(desk.script.passed).filteredOn(OTHER::equals).hasSize(1);
        assertThat(desk.script.passed).filteredOn(KEY::equals).hasSize(9);
        assertThat(delays.getFirst()).isBetween(Duration.ofMillis(500), Duration.ofSeconds(1));
        assertThat(delays.get(4)).isGreaterThan(delays.get(1));
        assertThat(delays.getLast()).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(60));
    }

    @Test
    void whatPeopleWaitForComesBeforeTheBackground() {
        // Given
        desk.script.atFirstInBackground = List.of(new Key(0, KEY));
        desk.script.atFirst = List.of(new Key(0, OTHER));

        // When
        desk.opens(0);

        // Then
        assertThat(desk.script.passed).containsExactly(OTHER, KEY);
    }

    @Test
    void aPersonsChangeIsNextThoughAThousandKeysOfTheBackgroundWait() {
        // Given
        var keys = Desk.keysIn(0, 1_200);
        var person = keys.getLast();
        desk.script.atFirstInBackground =
                keys.stream().limit(1_100).map(key -> new Key(0, key)).toList();
        desk.opens(0);
        int before = desk.script.passed.size();
        assertThat(before).isLessThan(1_100);

        // When
        desk.script.marks.mark(new Key(0, person));
        desk.tick();

        // Then
        assertThat(desk.script.passed.get(before)).isEqualTo(person);
        assertThat(desk.script.passed).hasSizeGreaterThan(before + 1);
    }

    @Test
    void aKeyThatAnotherOnesAnswerLetsGoOnIsNotPassedInTheOthersName() {
        // Given
        desk.script.passes.put(KEY, () -> Pass.call("look"));
        var unit = desk.opens(0);
        desk.reads(unit, desk.observed(KEY, "2026-01-01T00:00:00Z"));
        long call = desk.call();
        desk.script.letGoByAnswers = List.of(new Key(0, OTHER));

        // When
        desk.step(new Event.Answered<>(call, "seen"));

        // Then
        assertThat(desk.script.causes.get(OTHER)).isEqualTo(Cause.NONE);
        assertThat(desk.script.causes.get(KEY)).isNotEqualTo(Cause.NONE);
    }

    @Test
    void aKeyHasOnePassOrCallAtATime() {
        // Given
        desk.script.passes.put(KEY, () -> Pass.call("look"));
        desk.script.atFirst = List.of(new Key(0, KEY));
        desk.opens(0);
        long call = desk.call();

        // When
        desk.script.marks.mark(new Key(0, KEY));
        desk.tick();
        assertThat(desk.script.passed).hasSize(1);
        desk.step(new Event.Answered<>(call, "seen"));

        // Then
        assertThat(desk.script.passed).hasSize(2);
        assertThat(desk.script.heard).contains("answered " + KEY + " seen");
    }

    @Test
    void anOversizeRecordIsReplacedByWhatTheReconcilerSaysInstead() {
        // Given
        desk.script.passes.put(KEY, () -> Pass.write(List.of(Desk.slice(KEY, "large", Topics.VALUE_BYTES_MAX))));
        desk.script.smaller = () -> Pass.write(List.of(Desk.slice(KEY, "small")));
        desk.script.atFirst = List.of(new Key(0, KEY));

        // When
        desk.opens(0);

        // Then
        assertThat(desk.script.heard).contains("too large " + KEY + "/copy");
        assertThat(desk.commit().writes())
                .singleElement()
                .satisfies(write -> assertThat(write.value()).hasSizeLessThan(200));
    }

    @Test
    void aReplacementThatIsOversizeTooIsAFailedPassAndNeverSent() {
        // Given
        desk.script.passes.put(KEY, () -> Pass.write(List.of(Desk.slice(KEY, "large", Topics.VALUE_BYTES_MAX))));
        desk.script.smaller = () -> Pass.write(List.of(Desk.slice(KEY, "as large", Topics.VALUE_BYTES_MAX)));
        desk.script.atFirst = List.of(new Key(0, KEY));

        // When
        desk.opens(0);

        // Then
        assertThat(desk.asksForACommit()).isFalse();
        assertThat(desk.shell.counters().get(ShellCounters.What.FAILED_PASSES)).isEqualTo(1);
    }

    @Test
    void aTransactionTakesWholePassesAndAtMost500Records() {
        // Given
        var keys = Desk.keysIn(0, 4);
        keys.forEach(key -> desk.script.passes.put(key, () -> Pass.write(Desk.slices(key, 200))));
        desk.script.atFirst = keys.stream().map(key -> new Key(0, key)).toList();
        var unit = desk.opens(0);
        assertThat(desk.commit().writes()).hasSize(400);

        // When
        desk.commits(unit);

        // Then
        assertThat(desk.commit().writes()).hasSize(400);
    }

    @Test
    void aPassOfMoreThan500RecordsIsATransactionOfItsOwn() {
        // Given
        desk.script.passes.put(KEY, () -> Pass.write(Desk.slices(KEY, 700)));
        desk.script.passes.put(OTHER, () -> Pass.write(List.of(Desk.slice(OTHER, "uid"))));
        desk.script.atFirst = List.of(new Key(0, KEY), new Key(0, OTHER));

        // When
        desk.opens(0);

        // Then
        assertThat(desk.commit().writes()).hasSize(700);
    }

    @Test
    void aPartitionThatIsLetGoStartsNoNewCall() {
        // Given
        desk.script.passes.put(KEY, () -> new Pass<>(List.of(Desk.slice(KEY, "started")), "create", null));
        desk.script.atFirst = List.of(new Key(0, KEY));
        var unit = desk.opens(0);
        var batch = desk.commit().batch();

        // When
        desk.step(new Event.Revoked<>(Set.of(0)));
        desk.script.marks.mark(new Key(0, OTHER));
        desk.tick();
        desk.step(new Event.Committed<>(unit, batch, Map.of()));

        // Then
        assertThat(desk.callsStarted()).isEmpty();
        assertThat(desk.script.passed).containsExactly(KEY);
        assertThat(desk.shell.held()).isEmpty();
    }

    @Test
    void aProcessThatEndsStartsNoCallOfNoPartitionEither() {
        // Given
        desk.script.passes.put(KEY, () -> Pass.call("slow"));
        desk.script.passes.put("@poll", () -> Pass.call("poll"));
        desk.script.atFirst = List.of(new Key(0, KEY));
        desk.opens(0);

        // When
        desk.step(new Event.Stop<>());
        desk.script.marks.mark(Key.process("@poll"));
        desk.tick();

        // Then
        assertThat(desk.shell.held()).containsExactly(0);
        assertThat(desk.callsStarted()).isEmpty();
        assertThat(desk.script.passed).containsExactly(KEY);
    }

    @Test
    void aCallThatDoesNotEndHoldsItsPartitionFor25Seconds() {
        // Given
        desk.script.passes.put(KEY, () -> Pass.call("slow"));
        desk.script.atFirst = List.of(new Key(0, KEY));
        var unit = desk.opens(0);
        desk.step(new Event.Stop<>());

        // When
        desk.pass(Duration.ofMillis(24_999));
        assertThat(desk.shell.held()).containsExactly(0);
        assertThat(desk.shell.nextWake()).contains(desk.now.plusMillis(1));
        desk.pass(Duration.ofMillis(1));

        // Then
        assertThat(desk.shell.held()).isEmpty();
        assertThat(desk.asked()).contains(new Effect.Close<>(unit));
    }

    @Test
    void aCallThatEndsWhileItsPartitionIsLetGoIsTakenInAndEndsIt() {
        // Given
        desk.script.passes.put(KEY, () -> Pass.call("slow"));
        desk.script.atFirst = List.of(new Key(0, KEY));
        desk.opens(0);
        long call = desk.call();
        desk.step(new Event.Stop<>());

        // When
        desk.step(new Event.Answered<>(call, "done"));

        // Then
        assertThat(desk.script.heard).contains("answered " + KEY + " done");
        assertThat(desk.shell.held()).isEmpty();
    }

    @Test
    void anAnswerToAnEarlierLifeOfThePartitionIsDropped() {
        // Given
        desk.script.passes.put(KEY, () -> Pass.call("look"));
        desk.script.atFirst = List.of(new Key(0, KEY));
        var unit = desk.opens(0);
        long call = desk.call();
        desk.step(new Event.UnitFailed<>(unit, "the broker went away"));
        desk.script.passes.clear();
        desk.pass(Duration.ofSeconds(1));
        desk.reachesBarrier();
        desk.script.passed.clear();

        // When
        desk.step(new Event.Answered<>(call, "late"));

        // Then
        assertThat(desk.script.heard).doesNotContain("answered " + KEY + " late");
        assertThat(desk.script.passed).isEmpty();
    }

    @Test
    void aKeyOfNoPartitionCannotWrite() {
        // Given
        desk.script.passes.put("@poll", () -> new Pass<>(List.of(Desk.slice(KEY, "uid")), "poll", null));
        desk.script.atFirst = List.of(Key.process("@poll"));

        // When
        desk.opens(0);

        // Then
        assertThat(desk.asksForACommit()).isFalse();
        assertThat(desk.callsStarted()).isEmpty();
        assertThat(desk.shell.counters().get(ShellCounters.What.FAILED_PASSES)).isEqualTo(1);
    }

    @Test
    void aKeyIsLookedAtAgainWhenItAskedForIt() {
        // Given
        Instant later = desk.now.plusSeconds(30);
        desk.script.passes.put(KEY, () -> Pass.later(later));
        desk.script.atFirst = List.of(new Key(0, KEY));
        desk.opens(0);
        assertThat(desk.shell.nextWake()).contains(later);

        // When
        desk.script.passes.clear();
        desk.pass(Duration.ofSeconds(30));

        // Then
        assertThat(desk.script.passed).containsExactly(KEY, KEY);
        assertThat(desk.shell.nextWake()).isEmpty();
    }
}
