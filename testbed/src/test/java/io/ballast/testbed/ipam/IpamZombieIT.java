package io.ballast.testbed.ipam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ballast.runtime.kafka.KafkaSettings;
import io.ballast.runtime.kafka.TopicAdmin;
import io.ballast.schemas.Encoding;
import io.ballast.schemas.KnownSchemas;
import io.ballast.schemas.Topics;
import io.ballast.testbed.kafka.EmbeddedBroker;
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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two ipam-service processes: the owner sleeps past its session while claims come without end, and wakes again. */
class IpamZombieIT {
    private static final int ALIVE = 40;
    private static final int MORE = 60; // Services served after each turn of events
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(10);

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
        cloud = OpenStackServer.start(OpenStackModel.Settings.of(Timing.zero()), 0, InstantSource.system());
        Files.writeString(folder.resolve("clouds.yaml"), cloud.cloudsYaml());
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
    void grantsNothingTwiceWhenAnOwnerWakesAfterItsSession() throws Exception {
        // Given
        int port = FreePorts.run(2);
        var sleeper = replica("ipam-sleeper", port);
        sleeper.awaitReady(READY_WITHIN); // the first owns the claims
        var heir = replica("ipam-heir", port + 1);
        heir.awaitReady(READY_WITHIN);
        try (var claims = ClaimStream.start(kafka(), ALIVE)) {
            awaitServed(MORE);

            // When
            signal(sleeper, "STOP");
            awaitServed(claims.claimed() + MORE); // by the heir: the other does not run
            signal(sleeper, "CONT");
            await().atMost(Duration.ofSeconds(20)).until(() -> hasLost(sleeper));
            awaitServed(claims.claimed() + MORE);
            claims.end();

            // Then
            int last = claims.claimed();
            var alive = IntStream.range(last - ALIVE, last)
                    .mapToObj(ClaimStream::key)
                    .collect(Collectors.toSet());
            await().atMost(Duration.ofSeconds(20)).until(() -> log().services().equals(alive));
        }
        var log = log();
        assertThat(log.violations()).isEmpty();
        assertThat(log.reused()).as("addresses that went round").isGreaterThan(ALIVE / 2);
        assertThat(sleeper.isAlive()).isTrue();
    }

    /** Until one has addresses that asked after this many: those that went before their turn never get any. */
    private void awaitServed(int services) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> log().everServed().stream().anyMatch(key -> ClaimStream.number(key) >= services));
    }

    private static boolean hasLost(ChildProcess sleeper) throws IOException {
        var said = Files.readString(sleeper.log());
        return said.contains("a newer owner exists") || said.contains("partitions lost");
    }

    private static void signal(ChildProcess process, String name) throws IOException, InterruptedException {
        var kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }

    /** The whole log of allocations, in its order. */
    private Holders log() {
        var holders = new Holders();
        var schemas = new KnownSchemas();
        var at = new TopicPartition(kafka().topicPrefix() + Topics.ADDRESS_ALLOCATIONS.name(), 0);
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of(
                        "bootstrap.servers", kafka().bootstrapServers(), "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(at));
            consumer.seekToBeginning(List.of(at));
            long end = consumer.endOffsets(List.of(at)).getOrDefault(at, 0L);
            while (consumer.position(at) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> {
                    byte @Nullable [] value = record.value();
                    holders.read(
                            new String(record.key(), StandardCharsets.UTF_8),
                            value == null ? null : Encoding.decode(Topics.ADDRESS_ALLOCATIONS, value, schemas));
                });
            }
        }
        return holders;
    }

    private ChildProcess replica(String name, int port) throws IOException {
        var config = folder.resolve(name + ".yaml");
        Files.writeString(config, """
                kafka: {bootstrap-servers: "%s", replication-factor: 1, keyed-partitions: %d}
                http: {host: 127.0.0.1, port: %d}
                openstack: {cloud: k8s, clouds-file: "%s"}
                clusters:
                  demo:
                    default-provider: ovn
                    ipv4: {subnet: k8s-service-subnet, ranges: [10.2.0.1-10.2.0.100]}
                external-pools:
                  plain: {ranges: [100.64.0.1-100.64.0.100], quarantine: 1s}
                """.formatted(
                        kafka().bootstrapServers(), kafka().keyedPartitions(), port, folder.resolve("clouds.yaml")));
        var replica = ChildProcess.start(
                name,
                256,
                List.of(
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.ballast.ipam.IpamServiceMain",
                        "--config",
                        config.toString()),
                folder,
                URI.create("http://127.0.0.1:" + port + "/readyz"));
        replicas.add(replica);
        return replica;
    }

    /** With one partition of allocations, so that their order is that of the log. */
    private KafkaSettings kafka() {
        return Objects.requireNonNull(broker).settings().withKeyedPartitions(1);
    }
}
