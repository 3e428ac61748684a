package io.ballast.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ballast.schemas.Samples.Filling;
import io.ballast.schemas.contract.OperatorConfirmation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.SchemaParser;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the bytes are, decoding gives a value or an {@link UndecodableException}, and takes no more memory than they justify. */
class DecodingProperties {
    private static final int HEADER_BYTES = 10;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = 20_261_120L)
    void readsMutatedBytesOrRefusesThem(long seed) {
        mutate(seed, 20_000);
    }

    @Tag("full")
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void readsManyMutatedBytesOrRefusesThem(long seed) {
        mutate(seed, 200_000);
    }

    @ParameterizedTest
    @ValueSource(longs = {1_000, 50_000_000, Integer.MAX_VALUE - 8, Integer.MAX_VALUE, 1L << 40, Long.MAX_VALUE})
    void refusesAListThatClaimsMoreEntriesThanItHasBytes(long entries) throws IOException {
        var bytes = confirmation(encoder -> encoder.writeLong(entries)); // the length of uids, and then nothing

        assertRefused(bytes);
    }

    @ParameterizedTest
    @ValueSource(longs = {1_000, Integer.MAX_VALUE, -1, Long.MIN_VALUE})
    void refusesATextThatClaimsMoreBytesThanThereAre(long length) throws IOException {
        var bytes = confirmation(encoder -> {
            encoder.writeLong(1); // one uid
            encoder.writeLong(length);
        });

        assertRefused(bytes);
    }

    @Test
    void refusesAListOfNothingsThatWouldFillTheMemory() throws IOException {
        // A newer writer's field of a type that takes no bytes: its length cannot be checked against what is left.
        var schema = new SchemaParser().parse("""
                        {"type":"record","name":"OperatorConfirmation","namespace":"io.ballast","fields":[
                          {"name":"nothings","type":{"type":"array","items":{"type":"record","name":"Nothing","fields":[]}}}]}
                        """).mainSchema();
        var schemas = new KnownSchemas();
        schemas.learn(schema.toString());
        var bytes = singleObject(
                SchemaNormalization.parsingFingerprint64(schema), encoder -> encoder.writeLong(Integer.MAX_VALUE - 8));

        assertThatThrownBy(() -> Encoding.toJson(bytes, schemas)).isInstanceOf(UndecodableException.class);
    }

    @Test
    void refusesNestingWithoutEnd() throws IOException {
        var schema = new SchemaParser().parse("""
                        {"type":"record","name":"Chain","namespace":"io.ballast","fields":[
                          {"name":"next","type":["null","Chain"]}]}
                        """).mainSchema();
        var schemas = new KnownSchemas();
        schemas.learn(schema.toString());
        var bytes = singleObject(SchemaNormalization.parsingFingerprint64(schema), encoder -> {
            for (int i = 0; i < 1_000_000; i++) {
                encoder.writeIndex(1);
            }
            encoder.writeIndex(0);
        });

        assertThatThrownBy(() -> Encoding.toJson(bytes, schemas)).isInstanceOf(UndecodableException.class);
    }

    private static void assertRefused(byte[] bytes) {
        assertThatThrownBy(() -> Encoding.decode(Topics.OPERATOR, bytes, new KnownSchemas()))
                .isInstanceOf(UndecodableException.class)
                .hasMessageContaining("OperatorConfirmation");
    }

    private static void mutate(long seed, int times) {
        var random = new Random(seed);
        var schemas = new KnownSchemas();
        var types = Samples.topLevel();
        var samples = types.stream()
                .map(type -> Encoding.encode(Samples.topicOf(type), (Record) Samples.of(type, Filling.FULL)))
                .toList();
        int values = 0;
        for (int i = 0; i < times; i++) {
            int which = random.nextInt(types.size());
            var bytes = mutated(samples.get(which), random);
            try {
                var value = Encoding.decode(Samples.topicOf(types.get(which)), bytes, schemas);
                assertThat(value).isInstanceOf(types.get(which));
                values++;
            } catch (UndecodableException e) {
                assertThat(e).hasMessageMatching("(?s).+");
            } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
                throw new AssertionError("seed %s, case %s of %s".formatted(seed, i, types.get(which)), e);
            }
        }
        assertThat(values).as("some mutations leave a value").isBetween(1, times - 1);
    }

    /** Up to four changes: a byte replaced, a bit flipped, a stretch cut out, doubled or filled with ones. */
    private static byte[] mutated(byte[] original, Random random) {
        var bytes = original.clone();
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes && bytes.length > 0; i++) {
            // Nine in ten behind the header, where they are not just another fingerprint.
            int from = random.nextInt(10) == 0 ? 0 : Math.min(HEADER_BYTES, bytes.length - 1);
            int at = from + random.nextInt(bytes.length - from);
            int end = Math.min(bytes.length, at + 1 + random.nextInt(8));
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] = (byte) random.nextInt();
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes = concat(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, end, bytes.length));
                case 3 -> bytes = concat(Arrays.copyOf(bytes, end), Arrays.copyOfRange(bytes, at, bytes.length));
                default -> Arrays.fill(bytes, at, end, (byte) 0xff);
            }
        }
        return bytes;
    }

    private static byte[] concat(byte[] first, byte[] second) {
        var both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private interface Body {
        void write(BinaryEncoder encoder) throws IOException;
    }

    /** A confirmation up to its list of uids, which the body writes. */
    private static byte[] confirmation(Body uids) throws IOException {
        var schema = ContractSchemas.of(OperatorConfirmation.class);
        return singleObject(SchemaNormalization.parsingFingerprint64(schema), encoder -> {
            encoder.writeEnum(1);
            encoder.writeString("c1");
            uids.write(encoder);
        });
    }

    private static byte[] singleObject(long fingerprint, Body body) throws IOException {
        var out = new ByteArrayOutputStream();
        out.write(0xC3);
        out.write(0x01);
        out.writeBytes(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(fingerprint)
                .array());
        var encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        body.write(encoder);
        return out.toByteArray();
    }
}
