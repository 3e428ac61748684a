package io.ballast.schemas;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.util.ClassSecurityValidator;

/**
 * Values as bytes and back. Avro values use single-object encoding: C3 01, the little-endian CRC-64-AVRO fingerprint of
 * the writer's schema, the body. Source: Avro specification, single-object encoding.
 */
public final class Encoding {
    private static final int HEADER_BYTES = 10;

    static {
        // Only generic data is read, so Avro never has to load a class that a record names.
        ClassSecurityValidator.setGlobal(type -> false);
    }

    private Encoding() {}

    /** The bytes of a value of a topic. Equal values give equal bytes. */
    public static <V> byte[] encode(Topic<V> topic, V value) {
        return switch (topic.format()) {
            case AVRO -> encodeAvro((Record) value);
            case JSON -> PlainJson.bytes(toAvro((Record) value));
            case TEXT -> ((String) value).getBytes(StandardCharsets.UTF_8);
            case BYTES -> (byte[]) value;
        };
    }

    /** The value in the bytes. Throws {@link UndecodableException} for bytes that are no value of this topic. */
    public static <V> V decode(Topic<V> topic, byte[] bytes, KnownSchemas schemas) {
        return switch (topic.format()) {
            case AVRO -> decodeAvro(topic.type(), bytes, schemas);
            case TEXT -> topic.type().cast(new String(bytes, StandardCharsets.UTF_8));
            case BYTES -> topic.type().cast(bytes);
            case JSON ->
                throw new IllegalArgumentException("topic " + topic.name() + " is a mirror for others to read");
        };
    }

    /** The value in Avro bytes as plain JSON, with every field its writer knew. */
    public static JsonNode toJson(byte[] bytes, KnownSchemas schemas) {
        var schema = schemas.get(fingerprint(bytes));
        return PlainJson.tree(read(schema, schema, bytes));
    }

    private static IndexedRecord toAvro(Record value) {
        return RecordMapper.toAvro(value, ContractSchemas.of(value.getClass()));
    }

    private static byte[] encodeAvro(Record value) {
        var avro = toAvro(value);
        var out = new ByteArrayOutputStream(512);
        out.write(0xC3);
        out.write(0x01);
        var fingerprint = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(ContractSchemas.fingerprint64(value.getClass()));
        out.writeBytes(fingerprint.array());
        try {
            var encoder = EncoderFactory.get().directBinaryEncoder(out, null);
            new GenericDatumWriter<IndexedRecord>(avro.getSchema()).write(avro, encoder);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return out.toByteArray();
    }

    private static <V> V decodeAvro(Class<V> type, byte[] bytes, KnownSchemas schemas) {
        var avro = read(schemas.get(fingerprint(bytes)), ContractSchemas.of(type), bytes);
        try {
            return RecordMapper.fromAvro(avro, type);
        } catch (IllegalArgumentException e) {
            throw new UndecodableException(
                    "breaks a rule of %s: %s".formatted(type.getSimpleName(), e.getMessage()), e);
        }
    }

    private static long fingerprint(byte[] bytes) {
        if (bytes.length < HEADER_BYTES || bytes[0] != (byte) 0xC3 || bytes[1] != 0x01) {
            throw new UndecodableException(
                    "%d bytes without the header of Avro single-object encoding".formatted(bytes.length));
        }
        return ByteBuffer.wrap(bytes, 2, Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
    }

    private static IndexedRecord read(Schema writer, Schema reader, byte[] bytes) {
        try {
            var decoder = DecoderFactory.get().binaryDecoder(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES, null);
            var avro = new GenericDatumReader<IndexedRecord>(writer, reader, GenericData.get()).read(null, decoder);
            if (!decoder.isEnd()) {
                throw new UndecodableException("bytes are left over after a " + writer.getName());
            }
            return avro;
        } catch (IOException
                | AvroRuntimeException
                | UnsupportedOperationException // a length beyond what a Java array can have
                | IndexOutOfBoundsException
                | NegativeArraySizeException
                | StackOverflowError e) { // a record of a learnt schema that contains itself, without end
            throw new UndecodableException("not a %s: %s".formatted(writer.getName(), e.getMessage()), e);
        }
    }
}
