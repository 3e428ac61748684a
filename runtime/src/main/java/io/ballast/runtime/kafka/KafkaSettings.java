package io.ballast.runtime.kafka;

import io.ballast.runtime.config.ConfigReader;
import io.ballast.schemas.Partitions;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * How to reach Kafka and what topics are called there.
 *
 * @param bootstrapServers host:port, several joined by commas
 * @param topicPrefix stands before the name of every topic, group and transactional id; may be empty
 * @param keyedPartitions partitions of every topic that is keyed by Service; never changed once topics exist
 * @param replicationFactor copies of each topic that {@code topics apply} makes
 * @param properties further properties for every client, such as those of TLS and SASL; {@code group.instance.id} goes to
 *     the membership alone, and must differ between the processes of one service
 */
public record KafkaSettings(
        String bootstrapServers,
        String topicPrefix,
        int keyedPartitions,
        int replicationFactor,
        Map<String, String> properties) {
    private static final String PREFIX = "ballast.";

    public KafkaSettings {
        properties = Map.copyOf(properties);
        if (!topicPrefix.matches("[A-Za-z0-9._-]*")) {
            throw new IllegalArgumentException(
                    "kafka.topic-prefix %s has letters that no topic may have".formatted(topicPrefix));
        }
    }

    /** For a broker without security, with one copy of each topic: tests and trials. */
    public static KafkaSettings plain(String bootstrapServers) {
        return new KafkaSettings(bootstrapServers, PREFIX, Partitions.DEFAULT_COUNT, 1, Map.of());
    }

    /**
     * Reads the section {@code kafka}. {@code kafka.properties} is handed to the clients; {@code kafka.properties-file}
     * names a Java properties file with more of them, for those that are secret.
     */
    public static KafkaSettings from(ConfigReader root) {
        var read = root.section("kafka");
        var bootstrap = read.text("bootstrap-servers");
        var prefix = read.text("topic-prefix", PREFIX);
        int partitions = read.integer("keyed-partitions", 1, 1000, Partitions.DEFAULT_COUNT);
        int copies = read.integer("replication-factor", 1, 9, 3);
        var properties = new HashMap<>(read.texts("properties"));
        properties.putAll(secretProperties(read));
        return new KafkaSettings(bootstrap, prefix, partitions, copies, properties);
    }

    public KafkaSettings withTopicPrefix(String prefix) {
        return new KafkaSettings(bootstrapServers, prefix, keyedPartitions, replicationFactor, properties);
    }

    public KafkaSettings withKeyedPartitions(int count) {
        return new KafkaSettings(bootstrapServers, topicPrefix, count, replicationFactor, properties);
    }

    /** Does not print the properties: some are secret. */
    @Override
    public String toString() {
        return "KafkaSettings[%s, prefix %s]".formatted(bootstrapServers, topicPrefix);
    }

    private static Map<String, String> secretProperties(ConfigReader read) {
        Optional<String> file = read.optionalText("properties-file");
        if (file.isEmpty()) {
            return Map.of();
        }
        var properties = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of(file.get()))) {
            properties.load(reader);
        } catch (IOException e) {
            read.fail("properties-file", "names %s, which cannot be read: %s".formatted(file.get(), e));
        }
        var texts = new HashMap<String, String>();
        properties.forEach((key, value) -> texts.put(String.valueOf(key), String.valueOf(value)));
        return texts;
    }
}
