package io.ballast.testbed.ipam;

import io.ballast.runtime.kafka.KafkaSettings;
import io.ballast.schemas.Encoding;
import io.ballast.schemas.Topic;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.AddressClaim;
import io.ballast.schemas.contract.ClaimState;
import io.ballast.schemas.contract.ExternalClaim;
import io.ballast.schemas.contract.ExternalMethod;
import io.ballast.schemas.contract.Inventory;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.VipClaim;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Claims without end: one Service more at each beat, and the oldest goes when there are enough. */
final class ClaimStream implements AutoCloseable {
    private static final String KEY = "demo/shop/s";
    private static final Duration BEAT = Duration.ofMillis(20);

    private final KafkaSettings kafka;
    private final int alive;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Thread thread;
    private volatile boolean isEnding;
    private volatile int claimed;

    private ClaimStream(KafkaSettings kafka, int alive) {
        this.kafka = kafka;
        this.alive = alive;
        this.producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        this.thread = Thread.ofPlatform().name("claims").unstarted(this::run);
    }

    /** @param alive Services that want addresses at a time */
    static ClaimStream start(KafkaSettings kafka, int alive) {
        var stream = new ClaimStream(kafka, alive);
        for (int partition = 0; partition < kafka.keyedPartitions(); partition++) {
            stream.send(Topics.INVENTORIES, Integer.toString(partition), new Inventory(partition, 1, 0, 0, 0));
        }
        stream.thread.start();
        return stream;
    }

    static String key(int service) {
        return KEY + service;
    }

    static int number(String key) {
        return Integer.parseInt(key.substring(KEY.length()));
    }

    /** Services that asked so far. */
    int claimed() {
        return claimed;
    }

    /** Asks for nothing more. */
    void end() {
        isEnding = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        producer.flush();
    }

    @Override
    public void close() {
        end();
        producer.close();
    }

    private void run() {
        while (!isEnding) {
            int service = claimed;
            send(Topics.ADDRESS_CLAIMS, key(service), claim(service, ClaimState.WANTED));
            if (service >= alive) {
                int oldest = service - alive;
                send(Topics.ADDRESS_CLAIMS, key(oldest), claim(oldest, ClaimState.WITHDRAWN));
                send(Topics.LOAD_BALANCER_STATUS, key(oldest), deleted(oldest));
            }
            claimed = service + 1;
            LockSupport.parkNanos(BEAT.toNanos());
        }
    }

    private static AddressClaim claim(int service, ClaimState state) {
        boolean isWanted = state == ClaimState.WANTED;
        return new AddressClaim(
                state,
                "cluster-1",
                "uid-" + service,
                1,
                isWanted ? 1 : 2,
                "ovn",
                isWanted ? List.of(new VipClaim(IpFamily.IPV4, null)) : List.of(),
                List.of(),
                isWanted
                        ? List.of(new ExternalClaim(IpFamily.IPV4, ExternalMethod.POOL, null, "plain", false))
                        : List.of());
    }

    /** What octavia says of a load balancer that is gone. */
    static LoadBalancerStatus deleted(int service) {
        return new LoadBalancerStatus(
                LoadBalancerPhase.DELETED,
                "cluster-1",
                "uid-" + service,
                1,
                2,
                2,
                null,
                "",
                null,
                List.of(),
                List.of());
    }

    private <V> void send(Topic<V> topic, String key, V value) {
        var _ = producer.send(new ProducerRecord<>(
                kafka.topicPrefix() + topic.name(),
                0, // of keyed topics there is one partition here
                key.getBytes(StandardCharsets.UTF_8),
                Encoding.encode(topic, value)));
    }
}
