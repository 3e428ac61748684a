package io.ballast.testbed.command;

import io.ballast.runtime.kafka.KafkaSettings;
import io.ballast.testbed.stack.StackFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How to reach Kafka: by option, by environment, or the stack that {@code ballast up} runs. */
final class KafkaOptions {
    private static final String ENVIRONMENT = "BALLAST_KAFKA_BOOTSTRAP_SERVERS";

    @Option(
            names = {"--bootstrap", "--kafka"},
            paramLabel = "HOST:PORT",
            description = "Kafka; default: $" + ENVIRONMENT + ", else the stack that 'ballast up' runs.")
    private @Nullable String bootstrap;

    @Option(
            names = "--prefix",
            description = "Stands before each topic's name; default: ${DEFAULT-VALUE}",
            defaultValue = "ballast.")
    private String prefix = "ballast.";

    @Option(
            names = "--partitions",
            description = "Partitions of each topic keyed by Service; default: ${DEFAULT-VALUE}",
            defaultValue = "12")
    private int partitions = 12;

    @Option(names = "--replication", description = "Copies of each topic; default: 3, or 1 for a local stack")
    private @Nullable Integer replication;

    @Option(
            names = "--properties",
            paramLabel = "FILE",
            description = "Further client properties, such as TLS and SASL.")
    private @Nullable Path properties;

    /** Kafka, if an option or the environment names one. */
    Optional<KafkaSettings> ifNamed() throws IOException {
        return bootstrap == null && System.getenv(ENVIRONMENT) == null ? Optional.empty() : Optional.of(settings());
    }

    KafkaSettings settings() throws IOException {
        var local = StackFile.ofUp().bootstrap();
        var servers = Optional.ofNullable(bootstrap)
                .or(() -> Optional.ofNullable(System.getenv(ENVIRONMENT)))
                .or(() -> local)
                .orElseThrow(() -> new IllegalArgumentException(
                        "no Kafka: give --bootstrap HOST:PORT or set " + ENVIRONMENT + ", or start 'ballast up'"));
        int copies = replication != null
                ? replication
                : local.filter(servers::equals).isPresent() ? 1 : 3;
        return new KafkaSettings(servers, prefix, partitions, copies, clientProperties());
    }

    private Map<String, String> clientProperties() throws IOException {
        var map = new HashMap<String, String>();
        if (properties != null) {
            var read = new Properties();
            try (var reader = Files.newBufferedReader(properties)) {
                read.load(reader);
            }
            read.stringPropertyNames().forEach(name -> map.put(name, read.getProperty(name)));
        }
        return map;
    }
}
