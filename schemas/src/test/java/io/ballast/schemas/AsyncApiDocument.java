package io.ballast.schemas;

import io.ballast.schemas.Topic.Format;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.Outcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The topics as an AsyncAPI 3.0 document with the Kafka bindings 0.5.0: one channel per topic, one operation per service and direction. */
final class AsyncApiDocument {
    private static final String BINDING = "0.5.0";
    private static final String AVRO = "application/vnd.apache.avro+json;version=1.12.0";
    private static final String PREFIX = "ballast.";

    private AsyncApiDocument() {}

    static Map<String, Object> document() {
        var channels = new LinkedHashMap<String, Object>();
        var operations = new LinkedHashMap<String, Object>();
        var messages = new LinkedHashMap<String, Object>();
        for (var topic : Topics.ALL) {
            channels.put(topic.name(), channel(topic));
            messages.put(topic.name(), message(topic));
            topic.writers()
                    .forEach(writer ->
                            operations.put(writer + " writes " + topic.name(), operation("send", writer, topic)));
            topic.readers()
                    .forEach(reader ->
                            operations.put(reader + " reads " + topic.name(), operation("receive", reader, topic)));
        }
        var renamed = new LinkedHashMap<String, Object>();
        operations.forEach((name, operation) -> renamed.put(name.replace(' ', '-'), operation));
        return Yaml.map(
                "asyncapi",
                "3.0.0",
                "id",
                "urn:io:ballast",
                "info",
                info(),
                "defaultContentType",
                "application/avro",
                "channels",
                channels,
                "operations",
                renamed,
                "components",
                Yaml.map(
                        "messages",
                        messages,
                        "schemas",
                        Yaml.map(
                                "LoadBalancerStatusJson", JsonSchemas.of(ContractSchemas.of(LoadBalancerStatus.class)),
                                "OutcomeJson", JsonSchemas.of(ContractSchemas.of(Outcome.class)),
                                "Headers", headers())));
    }

    private static Map<String, Object> info() {
        return Yaml.map("title", "Ballast", "version", GoldenFilesTest.CURRENT, "description", """
                The topics through which the services of Ballast talk, and which tools read. Partitions and replicas are the
                defaults; names carry the default prefix. Avro values use single-object encoding: C3 01, the little-endian
                CRC-64-AVRO fingerprint of the writer's schema, the body; the topic schemas holds every schema by fingerprint.
                A record without a value is a tombstone: the key is no more. Operations are named after the service that
                sends or receives; "tools" stands for everybody outside Ballast.
                """);
    }

    private static Map<String, Object> channel(Topic<?> topic) {
        return Yaml.map(
                "address", PREFIX + topic.name(),
                "description", "Key: %s.".formatted(topic.key()),
                "messages", Yaml.map("record", ref("#/components/messages/" + topic.name())),
                "bindings",
                        Yaml.map(
                                "kafka",
                                Yaml.map(
                                        "topic",
                                        PREFIX + topic.name(),
                                        "partitions",
                                        topic.partitions(Partitions.DEFAULT_COUNT),
                                        "replicas",
                                        3,
                                        "topicConfiguration",
                                        configuration(topic),
                                        "bindingVersion",
                                        BINDING)));
    }

    /** The settings in the types that the binding gives them: the policy as a list, numbers as numbers. */
    static Map<String, Object> configuration(Topic<?> topic) {
        var configuration = new LinkedHashMap<String, Object>();
        topic.settings()
                .forEach((name, value) -> configuration.put(
                        name,
                        switch (name) {
                            case "cleanup.policy" -> List.of(value.split(",", -1));
                            case "unclean.leader.election.enable" -> Boolean.valueOf(value);
                            default -> Long.valueOf(value);
                        }));
        return configuration;
    }

    private static Map<String, Object> message(Topic<?> topic) {
        return Yaml.map(
                "name", topic.type().getSimpleName(),
                "contentType", contentType(topic.format()),
                "headers", ref("#/components/schemas/Headers"),
                "payload", payload(topic),
                "bindings",
                        Yaml.map(
                                "kafka",
                                Yaml.map(
                                        "key",
                                        Yaml.map("type", "string", "description", topic.key()),
                                        "bindingVersion",
                                        BINDING)));
    }

    static String contentType(Format format) {
        return switch (format) {
            case AVRO -> "application/avro";
            case JSON -> "application/json";
            case TEXT -> "text/plain";
            case BYTES -> "application/octet-stream";
        };
    }

    static Map<String, Object> payload(Topic<?> topic) {
        var record = topic.type().getSimpleName();
        return switch (topic.format()) {
            case AVRO ->
                Yaml.map("schemaFormat", AVRO, "schema", ref("./src/main/resources/avro/%s.avsc".formatted(record)));
            case JSON -> ref("#/components/schemas/%sJson".formatted(record));
            case TEXT -> Yaml.map("type", "string", "description", "an Avro schema as JSON");
            case BYTES ->
                Yaml.map("type", "string", "format", "binary", "description", "the bytes that could not be read");
        };
    }

    private static Map<String, Object> operation(String action, String service, Topic<?> topic) {
        return Yaml.map(
                "action", action,
                "channel", ref("#/channels/" + topic.name()),
                "tags", List.of(Yaml.map("name", service)));
    }

    private static Map<String, Object> headers() {
        var properties = new LinkedHashMap<String, Object>();
        Stream.of(
                        List.of("ce_specversion", "CloudEvents version, 1.0"),
                        List.of("ce_id", "the same for the same topic, key and value"),
                        List.of("ce_source", "/ballast/ and the service that wrote the record"),
                        List.of("ce_type", "io.ballast. and the name of the record"),
                        List.of("ce_time", "when it was written, RFC 3339"),
                        List.of("content-type", "how the value is encoded"),
                        List.of("traceparent", "W3C trace context"),
                        List.of("observed-at", "when the watcher saw the change behind this record, RFC 3339"))
                .forEach(header ->
                        properties.put(header.getFirst(), Yaml.map("type", "string", "description", header.getLast())));
        return Yaml.map(
                "type", "object",
                "description", "CloudEvents in binary mode, and where the change came from",
                "properties", properties);
    }

    private static Map<String, Object> ref(String target) {
        return Yaml.map("$ref", target);
    }
}
