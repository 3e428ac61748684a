package io.ballast.testbed.bench;

import io.ballast.runtime.http.HttpSettings;
import io.ballast.runtime.kafka.KafkaSettings;
import io.ballast.runtime.kafka.ServiceHost;
import io.ballast.runtime.kafka.ServiceParts;
import io.ballast.runtime.kafka.TopicAdmin;
import io.ballast.runtime.shell.Calls;
import io.ballast.schemas.Encoding;
import io.ballast.schemas.Partitions;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.GoneReason;
import io.ballast.schemas.contract.ServiceKey;
import io.ballast.schemas.contract.ServiceSnapshot;
import io.ballast.schemas.contract.SnapshotState;
import io.ballast.testbed.kafka.CopyReconciler;
import io.ballast.testbed.kafka.EmbeddedBroker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * How many passes of two records each a service commits in a second, on one broker in the same process: first all rows
 * at once behind the barrier, then the same rows again while the service runs.
 */
public final class GroupCommitBench {
    private GroupCommitBench() {}

    /**
     * Runs it, and prints a line for each round.
     *
     * @param folder for the records of the broker
     */
    public static void run(int rows, Path folder) throws InterruptedException {
        try (var broker = EmbeddedBroker.start(folder.resolve("broker"))) {
            run(broker.settings(), rows);
        }
    }

    private static void run(KafkaSettings kafka, int rows) throws InterruptedException {
        try (var admin = new TopicAdmin(kafka)) {
            admin.apply(List.of(
                    Topics.SERVICES,
                    CopyReconciler.COPIES,
                    CopyReconciler.SECOND_COPIES,
                    Topics.SCHEMAS,
                    Topics.DEAD_LETTERS));
        }
        write(kafka, rows, "v1");
        var done = new Finish(rows);
        var parts = new ServiceParts<>(
                CopyReconciler.plan(kafka.keyedPartitions()), new CopyReconciler("bench", true), done);
        long began = System.nanoTime();
        try (var host = ServiceHost.start(parts, kafka, HttpSettings.local())) {
            System.out.printf("metrics are on port %d%n", host.port());
            done.await();
            print("start, barrier and all rows", rows, began);
            for (int round = 2; round <= 5; round++) {
                done.again();
                began = System.nanoTime();
                write(kafka, rows, "v" + round);
                done.await();
                print("all rows changed, round " + round, rows, began);
            }
        }
    }

    private static void write(KafkaSettings kafka, int rows, String uid) {
        var config = Map.<String, Object>of("bootstrap.servers", kafka.bootstrapServers(), "linger.ms", "5");
        try (var producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int row = 0; row < rows; row++) {
                var key = new ServiceKey("c1", "bench", "s" + row);
                var value = new ServiceSnapshot(
                        SnapshotState.GONE, "cluster-uid", uid, "", GoneReason.CONFIRMED_ABSENT, null);
                var _ = producer.send(new ProducerRecord<>(
                        kafka.topicPrefix() + Topics.SERVICES.name(),
                        Partitions.of(key, kafka.keyedPartitions()),
                        key.toString().getBytes(StandardCharsets.UTF_8),
                        Encoding.encode(Topics.SERVICES, value)));
            }
        }
    }

    private static void print(String what, int rows, long beganNanos) {
        double seconds = (System.nanoTime() - beganNanos) / 1e9;
        System.out.printf(
                "%s: %d passes of 2 records in %.2f s = %.0f passes/s%n", what, rows, seconds, rows / seconds);
    }

    /** A call follows each committed pass, so counting calls counts commits. */
    private static final class Finish implements Calls<String, String> {
        private final int rows;
        private volatile CountDownLatch latch;

        Finish(int rows) {
            this.rows = rows;
            this.latch = new CountDownLatch(rows);
        }

        void again() {
            latch = new CountDownLatch(rows);
        }

        void await() throws InterruptedException {
            latch.await();
        }

        @Override
        public String call(String key) {
            latch.countDown();
            return key;
        }

        @Override
        public String failed(String key, RuntimeException cause) {
            return key;
        }
    }
}
