package io.ballast.schemas;

import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.SchemaParseException;
import org.apache.avro.SchemaParser;

/**
 * Writer schemas by fingerprint: those of this version and those read from the topic schemas, so that records written by
 * any other version can be read. Not safe for use by several threads.
 */
public final class KnownSchemas {
    private final Map<Long, Schema> byFingerprint = new HashMap<>();

    public KnownSchemas() {
        ContractSchemas.all().forEach(this::add);
    }

    /** Takes a record of the topic schemas. Throws {@link UndecodableException} when the text is no Avro schema. */
    public void learn(String schemaJson) {
        try {
            add(new SchemaParser().parse(schemaJson).mainSchema());
        } catch (SchemaParseException e) {
            throw new UndecodableException("not an Avro schema: " + e.getMessage(), e);
        }
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
