package io.ballast.testbed.octavia;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ballast.runtime.kafka.KafkaSettings;
import io.ballast.runtime.kafka.TopicAdmin;
import io.ballast.schemas.Encoding;
import io.ballast.schemas.KnownSchemas;
import io.ballast.schemas.Partitions;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.Outcome;
import io.ballast.schemas.contract.OutcomeKind;
import io.ballast.testbed.bench.DesiredServices;
import io.ballast.testbed.kafka.EmbeddedBroker;
import io.ballast.testbed.kafka.TopicRows;
import io.ballast.testbed.openstack.OpenStackModel;
import io.ballast.testbed.openstack.OpenStackServer;
import io.ballast.testbed.openstack.Timing;
import io.ballast.testbed.stack.ChildProcess;
import io.ballast.testbed.stack.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two octavia-service processes share the partitions; one is killed while both work. */
class OctaviaReplicasIT {
    private static final int SERVICES = 40;
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(30);

    @TempDir
    Path folder = Path.of("");

    private @Nullable EmbeddedBroker broker;
    private @Nullable OpenStackServer cloud;
    private final List<ChildProcess> replicas = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        broker = EmbeddedBroker.start(folder.resolve("broker"));
        try (var admin = new TopicAdmin(kafka())) {
            admin.apply(Topics.ALL);
        }
        cloud = OpenStackServer.start(
                OpenStackModel.Settings.of(Timing.measured().scaled(0.2)), 0, InstantSource.system());
        Files.writeString(folder.resolve("clouds.yaml"), cloud().cloudsYaml());
        int port = FreePorts.run(2);
        replicas.add(replica("octavia-a", port));
        replicas.add(replica("octavia-b", port + 1));
        replicas.forEach(each -> each.awaitReady(READY_WITHIN));
    }

    @AfterEach
    void stop() {
        replicas.forEach(each -> each.stop(STOP_WITHIN));
        if (cloud != null) {
            cloud.close();
        }
        if (broker != null) {
            broker.close();
        }
    }

    @Test
    void theOtherFinishesWhatOneThatIsKilledBegan() {
        // Given
        try (var services = new DesiredServices(
                kafka(), cloud().withModel(each -> each.seeded().serviceSubnetId()), "amphora")) {
            for (int i = 0; i < SERVICES; i++) {
                services.grant(i);
                services.desire(i, 1);
            }
            services.flush();
            await().atMost(READY_WITHIN).until(() -> loadBalancers() > SERVICES / 4);

            // When
            replicas.getFirst().kill();

            // Then
            await().atMost(Duration.ofSeconds(60)).until(() -> active() == SERVICES);
        }
        assertThat(loadBalancers()).isEqualTo(SERVICES);
        var outcomes = outcomes();
        assertThat(epochsOfAPartition(outcomes)).as("one took over").anyMatch(epochs -> epochs.size() > 1);
        assertNoTwoWritesAtATime(outcomes);
    }

    private static Collection<Set<Long>> epochsOfAPartition(List<Outcome> outcomes) {
        var epochs = new HashMap<Integer, Set<Long>>();
        outcomes.forEach(outcome -> epochs.computeIfAbsent(
                        Partitions.of(keyOf(outcome), Partitions.DEFAULT_COUNT), _ -> new HashSet<>())
                .add(outcome.epoch()));
        return epochs.values();
    }

    private static String keyOf(Outcome outcome) {
        return outcome.call().substring(0, outcome.call().indexOf('/', "bench/bench/".length()));
    }

    /** In one epoch a write begins only when the one before has ended, and each has an identity of its own. */
    private static void assertNoTwoWritesAtATime(List<Outcome> outcomes) {
        var running = new HashMap<String, Outcome>();
        var calls = new HashSet<String>();
        for (var outcome : outcomes) {
            var key = keyOf(outcome);
            var before = running.get(key);
            if (outcome.kind() == OutcomeKind.STARTED) {
                assertThat(calls.add(outcome.call()))
                        .as("begins once: %s", outcome)
                        .isTrue();
                if (before != null) {
                    assertThat(outcome.epoch())
                            .as("%s begins while %s runs", outcome, before)
                            .isGreaterThan(before.epoch());
                }
                running.put(key, outcome);
            } else {
                assertThat(before).as("%s ends", outcome).isNotNull();
                running.remove(key);
            }
        }
    }

    private long active() {
        return new TopicRows(kafka())
                .values(Topics.LOAD_BALANCER_STATUS).values().stream()
                        .filter(status -> status.phase() == LoadBalancerPhase.ACTIVE)
                        .count();
    }

    private int loadBalancers() {
        return cloud().withModel(model -> model.inventory().loadBalancers().size());
    }

    /** Every outcome, those of a partition in order. */
    private List<Outcome> outcomes() {
        var all = new ArrayList<Outcome>();
        var schemas = new KnownSchemas();
        var name = kafka().topicPrefix() + Topics.LOAD_BALANCER_OUTCOMES.name();
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of(
                        "bootstrap.servers", kafka().bootstrapServers(), "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            var partitions = consumer.partitionsFor(name).stream()
                    .map(info -> new TopicPartition(name, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(at -> consumer.position(at) < ends.getOrDefault(at, 0L))) {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(record -> all.add(Encoding.decode(
                                Topics.LOAD_BALANCER_OUTCOMES, Objects.requireNonNull(record.value()), schemas)));
            }
        }
        return all;
    }

    private ChildProcess replica(String name, int port) throws IOException {
        var config = folder.resolve(name + ".yaml");
        Files.writeString(
                config,
                """
                kafka: {bootstrap-servers: "%s", replication-factor: 1}
                http: {host: 127.0.0.1, port: %d}
                openstack: {cloud: k8s, clouds-file: "%s"}
                """.formatted(kafka().bootstrapServers(), port, folder.resolve("clouds.yaml")),
                StandardCharsets.UTF_8);
        return ChildProcess.start(
                name,
                256,
                List.of(
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.ballast.octavia.OctaviaServiceMain",
                        "--config",
                        config.toString()),
                folder,
                URI.create("http://127.0.0.1:" + port + "/readyz"));
    }

    private KafkaSettings kafka() {
        return Objects.requireNonNull(broker).settings();
    }

    private OpenStackServer cloud() {
        return Objects.requireNonNull(cloud);
    }
}
