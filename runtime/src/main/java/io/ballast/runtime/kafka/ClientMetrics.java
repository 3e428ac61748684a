package io.ballast.runtime.kafka;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/** Kafka's own measurements of the clients that are open now. */
final class ClientMetrics implements AutoCloseable {
    private final MeterRegistry registry;
    private final Map<Object, KafkaClientMetrics> open = new ConcurrentHashMap<>();
    private final ScheduledExecutorService refresh = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("kafka-metrics").factory());

    ClientMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    void watch(Producer<?, ?> producer) {
        bind(producer, new KafkaClientMetrics(producer, List.of(), refresh));
    }

    void watch(Consumer<?, ?> consumer) {
        bind(consumer, new KafkaClientMetrics(consumer, List.of(), refresh));
    }

    void forget(Object client) {
        var metrics = open.remove(client);
        if (metrics != null) {
            metrics.close();
        }
    }

    @Override
    public void close() {
        List.copyOf(open.keySet()).forEach(this::forget);
        refresh.shutdownNow();
    }

    private void bind(Object client, KafkaClientMetrics metrics) {
        open.put(client, metrics);
        metrics.bindTo(registry);
    }
}
