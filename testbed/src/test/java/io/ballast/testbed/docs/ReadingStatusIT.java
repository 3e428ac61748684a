package io.ballast.testbed.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ballast.runtime.kafka.TopicAdmin;
import io.ballast.schemas.Encoding;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.AssociatedExternal;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.LoadBalancerState;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.ObservedListener;
import io.ballast.schemas.contract.ObservedVip;
import io.ballast.schemas.contract.OperatingStatus;
import io.ballast.schemas.contract.ProvisioningStatus;
import io.ballast.testbed.kafka.EmbeddedBroker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The examples of docs/how-to/read-status.md, against a broker that holds committed, aborted and deleted status. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReadingStatusIT {
    private static final Path EXAMPLES =
            Path.of(System.getProperty("ballast.root", "..")).resolve("docs/how-to/examples");

    private @Nullable EmbeddedBroker broker;

    @BeforeAll
    void writeStatus(@TempDir Path folder) throws Exception {
        var started = EmbeddedBroker.start(folder.resolve("kafka"));
        broker = started;
        try (var admin = new TopicAdmin(started.settings())) {
            admin.apply(List.of(Topics.LOAD_BALANCER_STATUS_JSON));
        }
        Map<String, Object> properties =
                Map.of("bootstrap.servers", started.bootstrapServers(), "transactional.id", "test", "acks", "all");
        try (var producer = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            write(producer, true, "local/shop/web", LoadBalancerPhase.CREATING);
            write(producer, true, "local/shop/old", LoadBalancerPhase.DELETED);
            write(producer, true, "local/shop/web", LoadBalancerPhase.ACTIVE);
            write(producer, true, "local/shop/old", null);
            write(producer, false, "local/shop/ghost", LoadBalancerPhase.ACTIVE);
        }
    }

    @AfterAll
    void stop() {
        if (broker != null) {
            broker.close();
        }
    }

    @Test
    void pythonPrintsTheTable() throws Exception {
        assumeTrue(
                run("/usr/bin/python3", "-c", "import confluent_kafka").exitCode() == 0,
                "/usr/bin/python3 with confluent_kafka is not on this machine: the example is not run");

        var result = run(EXAMPLES.resolve("status-table.py").toString(), bootstrap());

        assertThat(result.exitCode()).as(result.text()).isZero();
        assertThat(result.text().lines())
                .singleElement()
                .asString()
                .startsWith("local/shop/web")
                .contains("ACTIVE", "10.2.0.7", "203.0.113.9", "3 members");
    }

    @Test
    void kcatPrintsEveryCommittedRecord() throws Exception {
        assumeTrue(run("kcat", "-V").exitCode() == 0, "kcat is not on this machine: the example is not run");

        var result = run(EXAMPLES.resolve("status.sh").toString(), bootstrap());

        assertThat(result.exitCode()).as(result.text()).isZero();
        assertThat(result.text().lines().filter(line -> line.startsWith("local/shop/web\t{")))
                .hasSize(2);
        assertThat(result.text()).contains("local/shop/old\t\n").doesNotContain("ghost");
    }

    private record Result(int exitCode, String text) {}

    private static Result run(String... command) throws InterruptedException {
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), text);
        } catch (IOException e) {
            return new Result(127, e.toString()); // not there
        }
    }

    private String bootstrap() {
        return Objects.requireNonNull(broker).bootstrapServers();
    }

    private static void write(
            KafkaProducer<String, byte[]> producer, boolean commit, String key, @Nullable LoadBalancerPhase phase)
            throws Exception {
        var value = phase == null ? null : Encoding.encode(Topics.LOAD_BALANCER_STATUS_JSON, status(phase));
        producer.beginTransaction();
        producer.send(new ProducerRecord<>("ballast." + Topics.LOAD_BALANCER_STATUS_JSON.name(), key, value))
                .get();
        if (commit) {
            producer.commitTransaction();
        } else {
            producer.abortTransaction();
        }
    }

    private static LoadBalancerStatus status(LoadBalancerPhase phase) {
        return new LoadBalancerStatus(
                phase,
                "cluster-uid",
                "service-uid",
                1,
                1,
                1,
                null,
                "",
                null,
                List.of(new LoadBalancerState(
                        "lb-id",
                        "shop/web",
                        "amphora",
                        List.of(new ObservedVip("10.2.0.7", "port-id", "subnet-id")),
                        ProvisioningStatus.ACTIVE,
                        OperatingStatus.ONLINE,
                        List.of(new ObservedListener("listener-id", "shop/web:TCP:80", "TCP", 80, 3)),
                        "2026-01-01T00:00:00")),
                List.of(new AssociatedExternal("203.0.113.9", "fip-id", true)));
    }
}
