package io.ballast.schemas;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.SchemaParser;

/** The Avro schemas of this version, one for each top-level contract record, read from the class path. */
public final class ContractSchemas {
    private static final Map<Class<?>, Schema> BY_TYPE = new ConcurrentHashMap<>();
    private static final Map<Class<?>, Long> FINGERPRINTS = new ConcurrentHashMap<>();

    private ContractSchemas() {}

    /** The schema of a contract record. Throws {@link IllegalArgumentException} for a class that has none. */
    public static Schema of(Class<?> type) {
        return BY_TYPE.computeIfAbsent(type, ContractSchemas::read);
    }

    /** The schemas of all topics that carry Avro, each once, in the order of their topics. */
    public static List<Schema> all() {
        return Topics.ALL.stream()
                .filter(topic -> topic.format() == Topic.Format.AVRO)
                .map(Topic::type)
                .distinct()
                .map(ContractSchemas::of)
                .toList();
    }

    /** Each of them as JSON under its fingerprint: the records of the topic schemas. */
    public static Map<String, String> texts() {
        var texts = new LinkedHashMap<String, String>();
        all().forEach(schema -> texts.put(fingerprint(schema), schema.toString()));
        return texts;
    }

    /** The 64-bit CRC-64-AVRO fingerprint as 16 hexadecimal digits, big end first: the key in the topic schemas. */
    public static String fingerprint(Schema schema) {
        return HexFormat.of().toHexDigits(SchemaNormalization.parsingFingerprint64(schema));
    }

    /** The same fingerprint as a number, for the schema of a contract record. */
    static long fingerprint64(Class<?> type) {
        return FINGERPRINTS.computeIfAbsent(type, ignored -> SchemaNormalization.parsingFingerprint64(of(type)));
    }

    private static Schema read(Class<?> type) {
        var resource = "/avro/" + type.getSimpleName() + ".avsc";
        try (var stream = ContractSchemas.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalArgumentException("%s has no schema %s".formatted(type.getName(), resource));
            }
            return new SchemaParser().parse(stream).mainSchema();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + resource, e);
        }
    }
}
