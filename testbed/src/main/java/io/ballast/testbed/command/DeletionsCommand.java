package io.ballast.testbed.command;

import io.ballast.runtime.kafka.KafkaSettings;
import io.ballast.schemas.Encoding;
import io.ballast.schemas.KnownSchemas;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.ClusterRecord;
import io.ballast.schemas.contract.ConfirmationKind;
import io.ballast.schemas.contract.HeldDeletion;
import io.ballast.schemas.contract.OperatorConfirmation;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ballast deletions}: shows what the deletion brake holds, and lets it go. */
@Command(
        name = "deletions",
        description = "Shows what the deletion brake holds, and lets it go.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets what it injects
final class DeletionsCommand {
    private static final Duration POLL = Duration.ofMillis(200);

    @Spec
    private CommandSpec spec;

    @Command(description = "Lists held deletions by cluster; exit code 1 when there are some.")
    int show(@Mixin KafkaOptions kafka) throws IOException {
        var held = held(kafka.settings());
        held.forEach((cluster, deletions) -> deletions.forEach(
                deletion -> out().printf("%s %s %s%n", deletion.key(), deletion.uid(), deletion.reason())));
        long count = held.values().stream().mapToLong(List::size).sum();
        out().println(count == 0 ? "no deletion is held" : count + " deletions are held");
        return count == 0 ? 0 : 1;
    }

    @Command(description = "Lets the held deletions of one cluster go on.")
    int confirm(
            @Mixin KafkaOptions kafka,
            @Option(names = "--cluster", required = true, description = "The cluster") String cluster,
            @Option(
                            names = "--by",
                            description = "Who confirms; default: the user of this shell",
                            defaultValue = "${USER:-unknown}")
                    String by)
            throws IOException {
        var settings = kafka.settings();
        var uids = held(settings).getOrDefault(cluster, List.of()).stream()
                .map(HeldDeletion::uid)
                .sorted()
                .toList();
        if (uids.isEmpty()) {
            out().println("no deletion of cluster " + cluster + " is held");
            return 1;
        }
        var confirmation = new OperatorConfirmation(
                ConfirmationKind.DELETIONS, cluster, uids, by, Instant.now().toEpochMilli());
        write(settings, cluster + "/deletions", confirmation);
        out().println(uids.size() + " deletions of cluster " + cluster + " are confirmed");
        return 0;
    }

    private static Map<String, List<HeldDeletion>> held(KafkaSettings kafka) {
        var properties = client(kafka);
        properties.put("isolation.level", "read_committed");
        var held = new TreeMap<String, List<HeldDeletion>>();
        var at = new TopicPartition(kafka.topicPrefix() + Topics.CLUSTERS.name(), 0);
        try (var consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(at));
            consumer.seekToBeginning(List.of(at));
            long end = consumer.endOffsets(List.of(at)).getOrDefault(at, 0L);
            var schemas = new KnownSchemas();
            while (consumer.position(at) < end) {
                for (var record : consumer.poll(POLL)) {
                    var cluster = new String(record.key(), StandardCharsets.UTF_8);
                    if (record.value() == null) {
                        held.remove(cluster);
                    } else {
                        ClusterRecord row = Encoding.decode(Topics.CLUSTERS, record.value(), schemas);
                        held.put(cluster, row.heldDeletions());
                    }
                }
            }
        }
        return held;
    }

    private static void write(KafkaSettings kafka, String key, OperatorConfirmation confirmation) {
        var properties = client(kafka);
        properties.put("acks", "all");
        try (var producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(
                            kafka.topicPrefix() + Topics.OPERATOR.name(),
                            0,
                            key.getBytes(StandardCharsets.UTF_8),
                            Encoding.encode(Topics.OPERATOR, confirmation)))
                    .get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("Kafka did not take the confirmation: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static Map<String, Object> client(KafkaSettings kafka) {
        var properties = new HashMap<String, Object>(kafka.properties());
        properties.put("bootstrap.servers", kafka.bootstrapServers());
        return properties;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
