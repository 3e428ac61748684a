package io.ballast.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ballast.schemas.Samples.Filling;
import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AddressPoolStatus;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.SchemaParser;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every schema is held against every released one of its name. What tools read may change only so that old readers and new
 * readers read both (FULL_TRANSITIVE); what our services read among themselves only so that a new reader reads all old
 * records (BACKWARD_TRANSITIVE).
 */
class CompatibilityTest {
    private static final Path RELEASED = Repository.TEST_RESOURCES.resolve("released");
    private static final Set<Class<?>> PUBLIC =
            Set.of(LoadBalancerStatus.class, Outcome.class, AddressPoolStatus.class, AddressAllocation.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    static List<Path> releasedSchemas() throws IOException {
        try (var files = Files.walk(RELEASED)) {
            return files.filter(file -> file.toString().endsWith(".avsc"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("releasedSchemas")
    void readsWhatAReleasedVersionWrote(Path file) {
        var released = parse(Repository.text(file));

        assertReads(ContractSchemas.of(typeOf(released)), released);
    }

    @ParameterizedTest
    @MethodSource("releasedSchemas")
    void isReadByReleasedReadersWhereToolsRead(Path file) {
        var released = parse(Repository.text(file));

        if (PUBLIC.contains(typeOf(released))) {
            assertReads(released, ContractSchemas.of(typeOf(released)));
        }
    }

    @Test
    void noticesAFieldTakenAwayFromAPublicRecord() throws IOException {
        var newer = statusSchema();
        ((ArrayNode) newer.get("fields")).remove(2); // serviceUid, which has no default

        var compatibility = SchemaCompatibility.checkReaderWriterCompatibility(
                ContractSchemas.of(LoadBalancerStatus.class), parse(newer.toString()));

        assertThat(compatibility.getType()).isEqualTo(SchemaCompatibilityType.INCOMPATIBLE);
    }

    @Test
    void readsAnEnumSymbolOfANewerWriterAsUnknown() throws IOException {
        // Given
        var newer = statusSchema();
        ((ArrayNode) newer.at("/fields/0/type/symbols")).add("HIBERNATING");
        var writer = parse(newer.toString());
        var status = newerStatus(writer);
        status.put("phase", new GenericData.EnumSymbol(writer.getField("phase").schema(), "HIBERNATING"));
        var schemas = new KnownSchemas();
        schemas.learn(newer.toString());

        // When
        var read = Encoding.decode(Topics.LOAD_BALANCER_STATUS, singleObject(status), schemas);

        // Then
        assertThat(read.phase()).isEqualTo(LoadBalancerPhase.UNKNOWN);
        assertThat(read.serviceUid())
                .isEqualTo(Samples.of(LoadBalancerStatus.class, Filling.FULL).serviceUid());
    }

    @Test
    void readsANewerRecordWithAFieldItDoesNotKnow() throws IOException {
        // Given
        var newer = statusSchema();
        ((ArrayNode) newer.get("fields"))
                .addObject()
                .put("name", "weather")
                .put("type", "string")
                .put("default", "");
        var writer = parse(newer.toString());
        var status = newerStatus(writer);
        status.put("weather", "rain");
        var schemas = new KnownSchemas();
        schemas.learn(newer.toString());

        // When
        var read = Encoding.decode(Topics.LOAD_BALANCER_STATUS, singleObject(status), schemas);

        // Then
        assertThat(read).isEqualTo(Samples.of(LoadBalancerStatus.class, Filling.FULL));
        assertThat(Encoding.toJson(singleObject(status), schemas).get("weather").textValue())
                .isEqualTo("rain");
    }

    @Test
    void saysWhichSchemaItDoesNotKnow() throws IOException {
        var newer = statusSchema();
        ((ArrayNode) newer.at("/fields/0/type/symbols")).add("HIBERNATING");
        var writer = parse(newer.toString());
        var bytes = singleObject(newerStatus(writer));

        assertThatThrownBy(() -> Encoding.decode(Topics.LOAD_BALANCER_STATUS, bytes, new KnownSchemas()))
                .isInstanceOf(UndecodableException.class)
                .hasMessageContaining(ContractSchemas.fingerprint(writer));
    }

    @Test
    void learnsOnlySchemas() {
        var schemas = new KnownSchemas();

        for (var text : List.of(
                "",
                "{",
                "{}",
                "[]",
                "null",
                "7",
                "\"nonsense\"",
                "\"string\"",
                "{\"type\":\"record\"}",
                "protocol X {}")) {
            assertThatThrownBy(() -> schemas.learn(text), text).isInstanceOf(UndecodableException.class);
        }
    }

    private static ObjectNode statusSchema() throws IOException {
        return (ObjectNode)
                JSON.readTree(ContractSchemas.of(LoadBalancerStatus.class).toString());
    }

    /** The sample status in a newer schema; fields that only the newer one has are left unset. */
    private static GenericRecord newerStatus(Schema writer) throws IOException {
        var current = ContractSchemas.of(LoadBalancerStatus.class);
        var bytes = Encoding.encode(Topics.LOAD_BALANCER_STATUS, Samples.of(LoadBalancerStatus.class, Filling.FULL));
        var decoder = DecoderFactory.get().binaryDecoder(bytes, 10, bytes.length - 10, null);
        return new GenericDatumReader<GenericRecord>(current, writer).read(null, decoder);
    }

    private static byte[] singleObject(GenericRecord value) throws IOException {
        var out = new ByteArrayOutputStream();
        out.write(0xC3);
        out.write(0x01);
        out.writeBytes(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(SchemaNormalization.parsingFingerprint64(value.getSchema()))
                .array());
        new GenericDatumWriter<GenericRecord>(value.getSchema())
                .write(value, EncoderFactory.get().directBinaryEncoder(out, null));
        return out.toByteArray();
    }

    private static void assertReads(Schema reader, Schema writer) {
        var compatibility = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer);
        assertThat(compatibility.getType())
                .as(() -> compatibility.getResult().getIncompatibilities().toString())
                .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
    }

    private static Class<?> typeOf(Schema schema) {
        return Samples.topLevel().stream()
                .filter(type -> type.getSimpleName().equals(schema.getName()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("a released record is never taken away: " + schema.getName()));
    }

    private static Schema parse(String text) {
        return new SchemaParser().parse(text).mainSchema();
    }
}
