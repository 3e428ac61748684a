package io.ballast.runtime.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.schemas.ContractSchemas;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.ServiceSnapshot;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.SchemaParser;
import org.junit.jupiter.api.Test;

/** Which partitions the shell owns and what they have read. */
class OwnershipTest {
    private static final String KEY = Desk.keysIn(0, 2).getFirst();
    private static final String OTHER = Desk.keysIn(0, 2).getLast();
    private static final TopicPartition SERVICES = new TopicPartition(Topics.SERVICES.name(), 0);

    private final Desk desk = new Desk();

    @Test
    void nothingIsDecidedBeforeTheBarrier() {
        // Given
        desk.script.atFirst = List.of(new Key(0, KEY));
        desk.step(new Event.Assigned<>(Set.of(0)));
        var unit = new UnitId(0, 1);
        desk.step(new Event.ProducerOpened<>(unit));
        desk.step(new Event.EndsFound<>(unit, Map.of(SERVICES, 2L)));

        // When
        desk.reads(unit, desk.service(KEY, "one"));

        // Then
        assertThat(desk.script.heard).isEmpty();
        assertThat(desk.script.passed).isEmpty();
    }

    @Test
    void aLastOffsetWithoutARecordIsPassedByPosition() {
        // Given
        desk.script.atFirst = List.of(new Key(0, KEY));
        desk.step(new Event.Assigned<>(Set.of(0)));
        var unit = new UnitId(0, 1);
        desk.step(new Event.ProducerOpened<>(unit));
        desk.step(new Event.EndsFound<>(unit, Map.of(SERVICES, 2L)));
        desk.reads(unit, desk.service(KEY, "one"));

        // When
        desk.step(new Event.Fetched<>(unit, List.of(), Map.of(SERVICES, 2L)));

        // Then
        assertThat(desk.script.passed).containsExactly(KEY);
    }

    @Test
    void earlierOwnersAreFencedBeforeTheEndsAreAskedFor() {
        // When
        desk.step(new Event.Assigned<>(Set.of(0)));

        // Then
        assertThat(desk.asked()).containsExactly(new Effect.OpenProducer<>(new UnitId(0, 1)));
    }

    @Test
    void anUndecodableRecordIsPutAsideOnceAndALaterGoodOneTakesItsPlace() {
        // Given
        var unit = desk.opens(0);

        // When
        desk.reads(unit, desk.garbage(Topics.SERVICES, KEY), desk.service(OTHER, "one"));

        // Then
        assertThat(desk.deadLetters())
                .singleElement()
                .satisfies(letter -> assertThat(letter.headers()).containsEntry("dead-letter-key", KEY));
        assertThat(desk.script.passed).containsExactly(OTHER);

        // When
        desk.commits(unit);
        desk.script.marks.mark(new Key(0, KEY));
        desk.reads(unit, desk.service(OTHER, "two"));
        assertThat(desk.script.passed).doesNotContain(KEY);
        desk.reads(unit, desk.service(KEY, "one"));

        // Then
        assertThat(desk.script.passed).contains(KEY);
        assertThat(desk.deadLetters()).isEmpty();
    }

    @Test
    void anOwnRowThatCannotBeReadIsMendedByItsWriter() {
        // Given
        desk.script.passes.put(KEY, () -> Pass.write(List.of(Desk.slice(KEY, "mended"))));
        desk.script.atFirst = List.of(new Key(0, KEY));
        desk.step(new Event.Assigned<>(Set.of(0)));
        var unit = new UnitId(0, 1);
        desk.step(new Event.ProducerOpened<>(unit));
        var own = new TopicPartition(Topics.ENDPOINT_SLICES.name(), 0);
        desk.step(new Event.EndsFound<>(unit, Map.of(own, 1L)));

        // When
        var garbage = "garbage".getBytes(StandardCharsets.UTF_8);
        desk.reads(unit, new LogRecord(own, 0, KEY + "/copy", garbage, Map.of()));

        // Then
        assertThat(desk.script.passed).containsExactly(KEY);
        var tables = desk.script.tables(0);
        assertThat(tables.of(Topics.ENDPOINT_SLICES).unreadable()).isEmpty();
        assertThat(tables.of(Topics.ENDPOINT_SLICES).get(KEY + "/copy")).isPresent();
    }

    @Test
    void aSchemaThatIsLearntLateMakesItsRecordsReadable() {
        // Given
        var unit = desk.opens(0);
        desk.reads(unit, desk.record(Topics.SERVICES, KEY, newerValue()));
        assertThat(desk.deadLetters()).hasSize(1);
        assertThat(desk.script.passed).isEmpty();

        // When
        desk.reads(unit, desk.record(Topics.SCHEMAS, "newer", newerSchema().getBytes(StandardCharsets.UTF_8)));

        // Then
        assertThat(desk.script.heard).contains("changed " + KEY);
        assertThat(desk.script.passed).containsExactly(KEY);
    }

    @Test
    void aTopicOfOnePartitionKeyedByServiceIsSharedOutAmongThePartitions() {
        // Given
        var foreign = Desk.keysIn(1, 1).getFirst();
        var unit = desk.opens(0);

        // When
        desk.reads(unit, desk.garbage(Topics.ADDRESS_CLAIMS, foreign), desk.garbage(Topics.ADDRESS_CLAIMS, KEY));

        // Then
        assertThat(desk.deadLetters())
                .singleElement()
                .satisfies(letter -> assertThat(letter.headers()).containsEntry("dead-letter-key", KEY));
    }

    @Test
    void aPartitionLostIsLetGoAtOnce() {
        // Given
        desk.script.passes.put(KEY, () -> Pass.call("slow"));
        desk.script.atFirst = List.of(new Key(0, KEY));
        var unit = desk.opens(0);

        // When
        desk.step(new Event.Lost<>(Set.of(0)));

        // Then
        assertThat(desk.asked()).contains(new Effect.Close<>(unit));
        assertThat(desk.shell.held()).isEmpty();
    }

    @Test
    void aPartitionThatFailsWhileItIsLetGoIsNotStartedAgain() {
        // Given
        desk.script.passes.put(KEY, () -> Pass.call("slow"));
        desk.script.atFirst = List.of(new Key(0, KEY));
        var unit = desk.opens(0);
        desk.step(new Event.Revoked<>(Set.of(0)));

        // When
        desk.step(new Event.UnitFailed<>(unit, "the broker went away"));

        // Then
        assertThat(desk.shell.held()).isEmpty();
        assertThat(desk.shell.nextWake()).isEmpty();
    }

    /** The schema of Services in a version that has one more text at the end. */
    private static String newerSchema() {
        var text = ContractSchemas.of(ServiceSnapshot.class).toString();
        return text.substring(0, text.length() - "]}".length()) + ",{\"name\":\"note\",\"type\":\"string\"}]}";
    }

    /** A Service as that version writes it; the text is empty. */
    private static byte[] newerValue() {
        var value = Desk.serviceBytes("newer");
        var newer = Arrays.copyOf(value, value.length + 1);
        var schema = new SchemaParser().parse(newerSchema()).mainSchema();
        long fingerprint = Long.parseUnsignedLong(ContractSchemas.fingerprint(schema), 16);
        ByteBuffer.wrap(newer).order(ByteOrder.LITTLE_ENDIAN).putLong(2, fingerprint);
        return newer;
    }
}
