package io.ballast.runtime.kafka;

import io.ballast.runtime.shell.TopicPartition;
import io.ballast.schemas.Topic;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What things are called in Kafka: ours have no prefix, those in Kafka have.
 *
 * @param prefix stands before every name
 */
record KafkaNames(String prefix) {
    String of(Topic<?> topic) {
        return prefix + topic.name();
    }

    /** The group that is the lock of a service. */
    String group(String serviceName) {
        return prefix + serviceName;
    }

    String transactionalId(String serviceName, int partition) {
        return prefix + serviceName + "-" + partition;
    }

    org.apache.kafka.common.TopicPartition toKafka(TopicPartition ours) {
        return new org.apache.kafka.common.TopicPartition(prefix + ours.topic(), ours.partition());
    }

    Set<io.vertx.kafka.client.common.TopicPartition> toVertx(Collection<TopicPartition> ours) {
        return ours.stream().map(this::toVertx).collect(Collectors.toSet());
    }

    io.vertx.kafka.client.common.TopicPartition toVertx(TopicPartition ours) {
        return new io.vertx.kafka.client.common.TopicPartition(prefix + ours.topic(), ours.partition());
    }

    Map<TopicPartition, Long> fromVertx(Map<io.vertx.kafka.client.common.TopicPartition, Long> kafka) {
        return kafka.entrySet().stream()
                .collect(Collectors.toMap(
                        entry -> from(entry.getKey().getTopic(), entry.getKey().getPartition()), Map.Entry::getValue));
    }

    TopicPartition from(String topic, int partition) {
        return new TopicPartition(topic.substring(prefix.length()), partition);
    }
}
