package io.ballast.testbed.demo;

import io.ballast.runtime.kafka.KafkaSettings;
import io.ballast.schemas.Encoding;
import io.ballast.schemas.KnownSchemas;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.AssociatedExternal;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.ObservedListener;
import io.ballast.schemas.contract.ObservedVip;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the status topic as any other tool would, tells each change of phase, and remembers when it came. */
final class StatusFollower implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(StatusFollower.class);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Narrator narrator;
    private final Thread thread;
    private final KnownSchemas schemas = new KnownSchemas();
    private final Map<String, LoadBalancerStatus> latest = new ConcurrentHashMap<>();
    private final Map<String, LoadBalancerStatus> served = new ConcurrentHashMap<>();
    private final Map<String, Instant> firstActive = new ConcurrentHashMap<>();

    StatusFollower(KafkaSettings kafka, Narrator narrator) {
        this.narrator = narrator;
        var properties = new HashMap<String, Object>(kafka.properties());
        properties.put("bootstrap.servers", kafka.bootstrapServers());
        properties.put("isolation.level", "read_committed");
        properties.put("enable.auto.commit", "false");
        consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        var name = kafka.topicPrefix() + Topics.LOAD_BALANCER_STATUS.name();
        consumer.assign(consumer.partitionsFor(name).stream()
                .map(info -> new TopicPartition(name, info.partition()))
                .toList());
        consumer.seekToBeginning(consumer.assignment());
        thread = Thread.ofPlatform().name("status").daemon().start(this::follow);
    }

    /** The last status of each Service while it served, by namespace/name, sorted. */
    Map<String, LoadBalancerStatus> served() {
        return new TreeMap<>(served);
    }

    /** The newest status of each Service, by namespace/name, sorted. */
    Map<String, LoadBalancerStatus> latest() {
        return new TreeMap<>(latest);
    }

    /** When each Service was first seen ACTIVE, by namespace/name. */
    Map<String, Instant> firstActive() {
        return Map.copyOf(firstActive);
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow() {
        try (consumer) {
            while (true) {
                for (var record : consumer.poll(Duration.ofMillis(200))) {
                    var key = new String(record.key(), StandardCharsets.UTF_8);
                    var name = key.substring(key.indexOf('/') + 1);
                    if (record.value() == null) {
                        latest.remove(name);
                    } else {
                        take(name, Encoding.decode(Topics.LOAD_BALANCER_STATUS, record.value(), schemas));
                    }
                }
            }
        } catch (WakeupException closed) {
            LOGGER.debug("no longer reads the status topic", closed);
        }
    }

    private void take(String name, LoadBalancerStatus status) {
        var before = latest.put(name, status);
        if (!status.loadBalancers().isEmpty()) {
            served.put(name, status);
        }
        if (status.phase() == LoadBalancerPhase.ACTIVE) {
            firstActive.putIfAbsent(name, Instant.now());
        }
        if (before == null
                || before.phase() != status.phase()
                || !before.message().equals(status.message())) {
            narrator.say("%-28s %-11s %s".formatted(name, status.phase(), describe(status)));
        }
    }

    static String describe(LoadBalancerStatus status) {
        var text = new StringBuilder();
        for (var loadBalancer : status.loadBalancers()) {
            text.append(loadBalancer.vips().stream().map(ObservedVip::address).collect(Collectors.joining(" ")));
            int members = loadBalancer.listeners().stream()
                    .mapToInt(ObservedListener::members)
                    .sum();
            text.append(", ").append(loadBalancer.listeners().size()).append(" listeners, ");
            text.append(members).append(" members ");
        }
        if (!status.externals().isEmpty()) {
            text.append("external ")
                    .append(status.externals().stream()
                            .map(AssociatedExternal::address)
                            .collect(Collectors.joining(" ")))
                    .append(' ');
        }
        return text.append(status.message()).toString().strip();
    }
}
