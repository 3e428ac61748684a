package io.ballast.schemas;

import java.util.stream.Collectors;
import org.apache.avro.Schema;

/** The page docs/reference/topics.md. */
final class TopicReference {
    private TopicReference() {}

    static String page() {
        var text = new StringBuilder("""
                # Topics

                Generated from `Topics` and the Avro schemas; a test in `schemas` compares. Names carry a configurable prefix,
                `ballast.` by default. Topics keyed by Service have 12 partitions by default, and the count never changes once
                they exist: partition = murmur2 of `cluster/namespace/name`, also where the key is longer. Every value is the
                full state of its key; a record without a value is a tombstone.

                | topic | key | value | written by | read by | partitions | policy |
                | --- | --- | --- | --- | --- | --- | --- |
                """);
        for (var topic : Topics.ALL) {
            text.append("| [`%s`](#%s) | %s | %s | %s | %s | %d | %s |\n"
                    .formatted(
                            topic.name(),
                            anchor(topic),
                            topic.key(),
                            value(topic),
                            String.join(", ", topic.writers()),
                            String.join(", ", topic.readers()),
                            topic.partitions(Partitions.DEFAULT_COUNT),
                            topic.settings().get("cleanup.policy")));
        }
        text.append("""

                Every service also reads the tables that it writes. Durations below are in milliseconds, sizes in bytes.
                `min.insync.replicas` is 2 with three replicas or more, else 1.

                ## Settings
                """);
        for (var policy : Topic.Policy.values()) {
            var topics = Topics.ALL.stream()
                    .filter(topic -> topic.policy() == policy)
                    .toList();
            text.append("\n%s:\n\n"
                    .formatted(topics.stream()
                            .map(topic -> "`" + topic.name() + "`")
                            .collect(Collectors.joining(", "))));
            topics.getFirst()
                    .settings()
                    .forEach((name, value) -> text.append("- `%s` = `%s`\n".formatted(name, value)));
        }
        text.append("\n## Values\n");
        Topics.ALL.forEach(topic -> section(text, topic));
        return text.toString();
    }

    private static void section(StringBuilder text, Topic<?> topic) {
        text.append("\n### %s\n\n".formatted(topic.name()));
        switch (topic.format()) {
            case AVRO -> {
                var schema = ContractSchemas.of(topic.type());
                text.append(schema.getDoc()).append("\n\n| field | type | |\n| --- | --- | --- |\n");
                for (var field : schema.getFields()) {
                    text.append(
                            "| `%s` | %s | %s |\n".formatted(field.name(), type(field.schema()), cell(field.doc())));
                }
            }
            case JSON ->
                text.append("The values of `%s` as JSON, written in the same transaction.\n"
                        .formatted(topic.name().replace(".json", "")));
            case TEXT -> text.append("An Avro schema as JSON. The key is its CRC-64-AVRO fingerprint.\n");
            case BYTES -> text.append("""
                    The bytes of a record that a service could not read. Headers: `dead-letter-service`, `dead-letter-topic`,
                    `dead-letter-partition`, `dead-letter-offset`, `dead-letter-key`, `dead-letter-reason`.
                    """);
        }
    }

    private static String type(Schema schema) {
        return switch (schema.getType()) {
            case UNION -> type(schema.getTypes().get(1)) + " or null";
            case ARRAY ->
                schema.getElementType().getName().equals("KeyValue")
                        ? "map of string"
                        : "list of " + type(schema.getElementType());
            case RECORD, ENUM -> schema.getName();
            default -> schema.getType().getName();
        };
    }

    private static String value(Topic<?> topic) {
        return switch (topic.format()) {
            case AVRO -> "`%s`, Avro".formatted(topic.type().getSimpleName());
            case JSON -> "`%s`, JSON".formatted(topic.type().getSimpleName());
            case TEXT -> "text";
            case BYTES -> "bytes";
        };
    }

    private static String anchor(Topic<?> topic) {
        return topic.name().replace(".", "");
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
