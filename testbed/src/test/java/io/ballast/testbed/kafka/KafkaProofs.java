package io.ballast.testbed.kafka;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ballast.runtime.http.HttpSettings;
import io.ballast.runtime.kafka.KafkaSettings;
import io.ballast.runtime.kafka.ServiceHost;
import io.ballast.runtime.kafka.ServiceParts;
import io.ballast.runtime.kafka.TopicAdmin;
import io.ballast.schemas.ContractSchemas;
import io.ballast.schemas.Topics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the shell promises on a real Kafka, whichever one it is. Each test has topics of its own. */
abstract class KafkaProofs {
    private static final AtomicInteger PREFIXES = new AtomicInteger();

    @TempDir
    Path folder;

    /** host:port of a running Kafka. */
    abstract String bootstrapServers();

    @Test
    void copiesEveryRowAndTellsSo() throws IOException, InterruptedException {
        // Given
        var kafka = topics(4);
        for (int partition = 0; partition < 4; partition++) {
            kafka.write(kafka.keyIn(partition, 1), "v1");
        }
        var calls = new CopyCalls();

        // When
        try (var host = host(kafka, "a", calls)) {
            within(20).until(() -> kafka.copies().size() == 4);
            kafka.write(kafka.keyIn(0, 1), "v2");
            within(10)
                    .until(() ->
                            kafka.copyOf(kafka.keyIn(0, 1)).orElseThrow().uid().equals("v2"));

            // Then
            assertThat(calls.called()).hasSize(4);
            assertThat(get(host, "/readyz").statusCode()).isEqualTo(200);
            assertThat(get(host, "/livez").statusCode()).isEqualTo(200);
            assertThat(get(host, "/metrics").body())
                    .contains("ballast_shell_passes_total", "kafka_producer_", "kafka_consumer_", "jvm_memory_used");
            assertThat(kafka.read(Topics.SCHEMAS)).hasSize(ContractSchemas.all().size());
        }
    }

    @Test
    void handsPartitionsOverAtOnceWhenAnInstanceEnds() {
        // Given
        var kafka = topics(2);
        var first = host(kafka, "first", new CopyCalls());
        within(20).until(first::isReady);
        try (var second = host(kafka, "second", new CopyCalls())) {
            within(20)
                    .until(() ->
                            second.progress().size() == 1 && first.progress().size() == 1);

            // When
            long began = System.nanoTime();
            first.close();
            within(10).until(() -> second.progress().size() == 2 && second.isReady());

            // Then
            print("hand-over after an orderly end", began);
            kafka.write(kafka.keyIn(0, 1), "v1");
            kafka.write(kafka.keyIn(1, 1), "v1");
            within(10).until(() -> kafka.copies().size() == 2);
            assertThat(kafka.copies()).extracting(RawKafka.Copy::writer).containsOnly("second");
        }
    }

    @Test
    void passesTheBarrierBehindAbortedAndOpenTransactions() {
        // Given
        var kafka = topics(2);
        var aborted = kafka.keyIn(0, 1);
        var open = kafka.keyIn(1, 1);
        kafka.write(aborted, "committed");
        try (var one = kafka.transactional("foreign-one", Duration.ofSeconds(60));
                var other = kafka.transactional("foreign-other", Duration.ofSeconds(60))) {
            one.beginTransaction();
            RawKafka.await(one.send(kafka.service(aborted, "aborted")));
            one.abortTransaction();
            other.beginTransaction();
            RawKafka.await(other.send(kafka.service(open, "open")));

            // When
            try (var host = host(kafka, "a", new CopyCalls())) {
                within(15).until(host::isReady);
                within(5).until(() -> kafka.copyOf(aborted).isPresent());

                // Then
                assertThat(kafka.copies()).extracting(RawKafka.Copy::uid).containsExactly("committed");
                other.commitTransaction();
                within(10).until(() -> kafka.copyOf(open).isPresent());
            }
        }
    }

    @Test
    void waitsForAHungTransactionNoLongerThanItsTimeout() {
        // Given
        var kafka = topics(1);
        try (var host = host(kafka, "a", new CopyCalls());
                var hung = kafka.transactional("foreign-hung", Duration.ofSeconds(8))) {
            within(20).until(host::isReady);
            hung.beginTransaction();
            RawKafka.await(hung.send(kafka.service(kafka.keyIn(0, 1), "hung")));
            long began = System.nanoTime();

            // When
            kafka.write(kafka.keyIn(0, 2), "behind");

            // Then
            within(12).until(() -> kafka.copyOf(kafka.keyIn(0, 2)).isPresent());
            print("delay behind a hung transaction of 8 s", began);
            assertThat(kafka.copyOf(kafka.keyIn(0, 1))).isEmpty();
        }
    }

    @Test
    void startsAgainFromTheBarrierWhenFenced() {
        // Given
        var kafka = topics(1);
        try (var host = host(kafka, "a", new CopyCalls())) {
            within(20).until(host::isReady);
            var id = kafka.settings().topicPrefix() + "copier-0";

            // When
            kafka.transactional(id, Duration.ofSeconds(10)).close();
            kafka.write(kafka.keyIn(0, 1), "v1");

            // Then
            within(15).until(() -> kafka.copyOf(kafka.keyIn(0, 1)).isPresent());
            assertThat(host.progress()).allMatch(unit -> unit.unit().life() > 1);
        }
    }

    @Test
    void fencesAnOwnerThatSlept() {
        // Given
        var kafka = topics(1);
        var key = kafka.keyIn(0, 1);
        try (var sleeper = CopyProcess.start(kafka.settings(), "sleeper", folder)) {
            kafka.write(key, "v1");
            within(30).until(() -> kafka.copyOf(key).isPresent());
            try (var host = host(kafka, "awake", new CopyCalls())) {
                within(20).until(host::isReady);

                // When
                sleeper.signal("STOP");
                kafka.write(key, "v2");
                within(15).until(() -> kafka.copyOf(key).orElseThrow().uid().equals("v2"));
                sleeper.signal("CONT");
                kafka.write(key, "v3");
                within(15)
                        .until(() -> sleeper.output().contains("a newer owner exists")
                                || sleeper.output().contains("partitions lost"));
                kafka.write(key, "v4");
                within(10).until(() -> kafka.copyOf(key).orElseThrow().uid().equals("v4"));

                // Then
                assertThat(kafka.copies())
                        .extracting(RawKafka.Copy::uid, RawKafka.Copy::writer)
                        .startsWith(org.assertj.core.groups.Tuple.tuple("v1", "sleeper"))
                        .doesNotContain(
                                org.assertj.core.groups.Tuple.tuple("v2", "sleeper"),
                                org.assertj.core.groups.Tuple.tuple("v3", "sleeper"),
                                org.assertj.core.groups.Tuple.tuple("v4", "sleeper"))
                        .doesNotHaveDuplicates();
                assertThat(host.isReady()).isTrue();
            }
        }
    }

    @Test
    void takesOverWithinTenSecondsAfterAKill() {
        // Given
        var kafka = topics(1);
        var key = kafka.keyIn(0, 1);
        try (var killed = CopyProcess.start(kafka.settings(), "killed", folder)) {
            kafka.write(key, "v1");
            within(30).until(() -> kafka.copyOf(key).isPresent());
            try (var host = host(kafka, "heir", new CopyCalls())) {
                within(20).until(host::isReady);

                // When
                long began = System.nanoTime();
                killed.signal("KILL");
                kafka.write(key, "v2");

                // Then
                within(10).until(() -> kafka.copyOf(key).orElseThrow().uid().equals("v2"));
                print("take-over after kill -9", began);
                assertThat(kafka.copyOf(key).orElseThrow().writer()).isEqualTo("heir");
            }
        }
    }

    @Test
    void putsAPoisonRecordAsideWhileOthersGoOn() {
        // Given
        var kafka = topics(1);
        var poisoned = kafka.keyIn(0, 1);
        kafka.writeBytes(poisoned, new byte[] {1, 2, 3});
        try (var host = host(kafka, "a", new CopyCalls())) {
            within(20).until(host::isReady);

            // When
            kafka.write(kafka.keyIn(0, 2), "good");
            kafka.writeBytes(kafka.keyIn(0, 3), new byte[] {4});

            // Then
            within(10).until(() -> kafka.copyOf(kafka.keyIn(0, 2)).isPresent());
            within(10).until(() -> kafka.read(Topics.DEAD_LETTERS).size() == 2);
            var letter = kafka.read(Topics.DEAD_LETTERS).getFirst();
            assertThat(letter.value()).containsExactly(1, 2, 3);
            assertThat(RawKafka.text(letter.key())).isEqualTo("services/0/0");
            assertThat(RawKafka.text(
                            letter.headers().lastHeader("dead-letter-reason").value()))
                    .contains("3 bytes without the header");

            // When
            kafka.write(poisoned, "mended");

            // Then
            within(10).until(() -> kafka.copyOf(poisoned).isPresent());
        }
    }

    @Test
    void refusesToStartOnWrongTopics() throws Exception {
        // Given
        var kafka = topics(2);
        var three = new RawKafka(kafka.settings().withKeyedPartitions(3));
        var prefix = "wrong-" + kafka.settings().topicPrefix();
        var wrong = new RawKafka(kafka.settings().withTopicPrefix(prefix));
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
            admin.createTopics(Set.of(new NewTopic(prefix + "services", 2, (short) 1)
                            .configs(Map.of("cleanup.policy", "delete"))))
                    .all()
                    .get();
        }

        // When
        try (var count = host(three, "a", new CopyCalls());
                var policy = host(wrong, "a", new CopyCalls())) {
            // Then
            assertThat(count.awaitEnd()).isEqualTo(2);
            assertThat(policy.awaitEnd()).isEqualTo(2);
        }
        try (var admin = new TopicAdmin(three.settings())) {
            assertThat(admin.check(List.of(Topics.SERVICES)))
                    .containsExactly("topic %sservices has 2 partitions, but must have 3"
                            .formatted(kafka.settings().topicPrefix()));
        }
        try (var admin = new TopicAdmin(wrong.settings())) {
            assertThat(admin.check(List.of(Topics.SERVICES, Topics.SCHEMAS)))
                    .contains(
                            "topic %sservices has cleanup.policy delete, but must have compact".formatted(prefix),
                            "topic %sschemas does not exist: make it with ballast topics apply".formatted(prefix));
            assertThat(admin.apply(List.of(Topics.SERVICES, Topics.SCHEMAS)))
                    .contains(
                            "topic %sservices: cleanup.policy set to compact".formatted(prefix),
                            "topic %sschemas made".formatted(prefix));
            await().atMost(10, SECONDS)
                    .until(() -> admin.check(List.of(Topics.SERVICES, Topics.SCHEMAS))
                            .isEmpty());
        }
    }

    /** Topics of its own for one test. */
    RawKafka topics(int keyedPartitions) {
        return new RawKafka(KafkaSettings.plain(bootstrapServers())
                        .withKeyedPartitions(keyedPartitions)
                        .withTopicPrefix("t%d.".formatted(PREFIXES.incrementAndGet())))
                .makeTopics();
    }

    static ServiceHost host(RawKafka kafka, String writer, CopyCalls calls) {
        var settings = kafka.settings();
        var parts = new ServiceParts<>(
                CopyReconciler.plan(settings.keyedPartitions()), new CopyReconciler(writer, false), calls);
        return ServiceHost.start(parts, settings, HttpSettings.local());
    }

    static HttpResponse<String> get(ServiceHost host, String path) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(host.port(), path)));
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    static ConditionFactory within(int seconds) {
        return await().atMost(seconds, SECONDS).pollInterval(Duration.ofMillis(100));
    }

    /** Measured times are printed, so that a slow machine is seen before it fails. */
    static void print(String what, long beganNanos) {
        System.out.printf("%s: %d ms%n", what, (System.nanoTime() - beganNanos) / 1_000_000);
    }
}
