package io.ballast.runtime.kafka;

import io.ballast.schemas.ContractSchemas;
import io.ballast.schemas.Encoding;
import io.ballast.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/** Puts our schemas into the topic schemas, where they are missing, so that records can be read by any version. */
final class SchemaPublisher {
    private static final Duration POLL = Duration.ofMillis(500);

    private final KafkaSettings kafka;
    private final String topic;

    SchemaPublisher(KafkaSettings kafka) {
        this.kafka = kafka;
        this.topic = new KafkaNames(kafka.topicPrefix()).of(Topics.SCHEMAS);
    }

    /** How many were missing. Throws {@link KafkaException} when Kafka does not answer. */
    int publish() {
        var missing = new LinkedHashMap<>(ContractSchemas.texts());
        missing.keySet().removeAll(published());
        if (!missing.isEmpty()) {
            send(missing);
        }
        return missing.size();
    }

    private Set<String> published() {
        var published = new HashSet<String>();
        var partition = new TopicPartition(topic, 0);
        var properties = new HashMap<String, Object>(ClientProperties.reader(kafka, "schemas"));
        try (var consumer = new KafkaConsumer<byte[], byte[]>(properties)) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            while (consumer.position(partition) < end) {
                for (var record : consumer.poll(POLL)) {
                    var key = record.key();
                    published.add(key == null ? "" : new String(key, StandardCharsets.UTF_8));
                }
            }
        }
        return published;
    }

    private void send(Map<String, String> schemas) {
        try (var producer = new KafkaProducer<byte[], byte[]>(ClientProperties.plainProducer(kafka, "schemas"))) {
            var sent = schemas.entrySet().stream()
                    .map(entry -> producer.send(new ProducerRecord<>(
                            topic,
                            entry.getKey().getBytes(StandardCharsets.UTF_8),
                            Encoding.encode(Topics.SCHEMAS, entry.getValue()))))
                    .toList();
            for (var each : sent) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw new KafkaException("schemas cannot be published", e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
