package io.ballast.schemas;

import java.util.HashMap;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.SchemaParser;
import org.jspecify.annotations.Nullable;

/**
 * Writer schemas by fingerprint: those of this version and those read from the topic schemas, so that records written by
 * any other version can be read. Not safe for use by several threads.
 */
public final class KnownSchemas {
    private final Map<Long, Schema> byFingerprint = new HashMap<>();

    public KnownSchemas() {
        ContractSchemas.all().forEach(this::add);
    }

    /** Takes a record of the topic schemas. Throws {@link UndecodableException} when the text is no Avro record schema. */
    public void learn(String schemaJson) {
        var schema = parse(schemaJson);
        if (schema == null || schema.getType() != Schema.Type.RECORD) {
            throw new UndecodableException("not the schema of an Avro record: " + abbreviated(schemaJson));
        }
        add(schema);
    }

    private static @Nullable Schema parse(String schemaJson) {
        try {
            return new SchemaParser().parse(schemaJson).mainSchema();
        } catch (AvroRuntimeException | NullPointerException e) { // null stands for a name that nothing defines
            throw new UndecodableException("not an Avro schema: " + e.getMessage(), e);
        }
    }

    private static String abbreviated(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }

    Schema get(long fingerprint) {
        var schema = byFingerprint.get(fingerprint);
        if (schema == null) {
            throw new UndecodableException(
                    "written with schema %016x, which is neither ours nor in the topic schemas".formatted(fingerprint));
        }
        return schema;
    }

    private void add(Schema schema) {
        byFingerprint.put(SchemaNormalization.parsingFingerprint64(schema), schema);
    }
}
