package io.ballast.testbed.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The proofs on a broker in this process, and those that need to stop it. */
class KafkaEmbeddedIT extends KafkaProofs {
    private static @Nullable EmbeddedBroker broker;

    @BeforeAll
    static void startBroker(@TempDir Path records) {
        broker = EmbeddedBroker.start(records.resolve("broker"));
    }

    @AfterAll
    static void stopBroker() {
        if (broker != null) {
            broker.close();
        }
    }

    @Override
    String bootstrapServers() {
        return Objects.requireNonNull(broker).bootstrapServers();
    }

    @Test
    void waitsForABrokerAndOutlivesItsRestart() throws IOException, InterruptedException {
        try (var late = EmbeddedBroker.start(folder.resolve("late"))) {
            // Given
            var kafka = new RawKafka(late.settings().withKeyedPartitions(1)).makeTopics();
            late.stop();
            try (var host = host(kafka, "a", new CopyCalls())) {
                within(30).until(() -> get(host, "/readyz").body().contains("cannot be used yet"));
                assertThat(get(host, "/livez").statusCode()).isEqualTo(200);
                late.restart();
                within(30).until(host::isReady);

                // When
                late.stop();
                within(25).until(() -> get(host, "/readyz").body().contains("has no connection to Kafka"));
                late.restart();
                kafka.write(kafka.keyIn(0, 1), "v1");

                // Then
                within(40).until(() -> kafka.copyOf(kafka.keyIn(0, 1)).isPresent());
                within(20).until(host::isReady);
            }
        }
    }

    @Test
    void refusesAnOldTransactionVersion() {
        try (var old = EmbeddedBroker.startWithTransactionVersion(folder.resolve("old"), 1)) {
            // Given
            var kafka = new RawKafka(old.settings().withKeyedPartitions(1)).makeTopics();

            // When
            try (var service = CopyProcess.start(kafka.settings(), "refused", folder)) {
                // Then
                assertThat(service.awaitEnd(30)).isEqualTo(2);
                assertThat(service.output())
                        .contains("Kafka has transaction.version 1 finalised, but must have 2 or more");
            }
        }
    }

    @Test
    void endsWithCodesThatTellWhy() {
        // Given
        var kafka = topics(1);
        try (var misspelt = CopyProcess.start(
                        List.of("writer: a", "kafka: {bootstrap-servers: localhost, topic-prefx: x}"), "bad", folder);
                var good = CopyProcess.start(kafka.settings(), "good", folder)) {
            kafka.write(kafka.keyIn(0, 1), "v1");
            within(30).until(() -> kafka.copyOf(kafka.keyIn(0, 1)).isPresent());

            // When
            good.signal("TERM");

            // Then
            assertThat(good.awaitEnd(10)).isZero();
            assertThat(good.output()).contains("configuration key=kafka.topic-prefix", "service ended code=0");
            assertThat(misspelt.awaitEnd(10)).isEqualTo(2);
            assertThat(misspelt.output()).contains("unknown key kafka.topic-prefx, did you mean kafka.topic-prefix?");
        }
    }
}
