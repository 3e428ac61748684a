package io.ballast.runtime.kafka;

import io.ballast.schemas.Topics;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The properties of each kind of client. Those of the user come first: what the promises rest on cannot be overridden. */
final class ClientProperties {
    /** An open transaction holds up every committed reader; the broker ends it after this time. */
    static final int TRANSACTION_TIMEOUT_MILLIS = 8_000; // ADR 0012

    private static final String REQUEST_TIMEOUT_MILLIS = "5000";
    /** What a reader may hold before we take it: a process has a reader for each partition it owns. */
    private static final String FETCH_BYTES = Integer.toString(4 << 20);

    private static final String PARTITION_FETCH_BYTES = Integer.toString(256 << 10);
    private static final String BYTES = ByteArrayDeserializer.class.getName();

    private ClientProperties() {}

    static Map<String, Object> admin(KafkaSettings kafka) {
        var properties = common(kafka, "admin");
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MILLIS);
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "10000");
        return new HashMap<>(properties);
    }

    /** A reader of assigned partitions: an offset that is gone is an error, never a silent skip. */
    static Map<String, String> reader(KafkaSettings kafka, String clientId) {
        var properties = common(kafka, clientId);
        properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, BYTES);
        properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, BYTES);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
        properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, PARTITION_FETCH_BYTES);
        properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "30000");
        return properties;
    }

    /**
     * The member of a group that is a lock: it owns partitions and reads nothing. With {@code group.instance.id} among
     * the user's properties, a process that was killed gets its partitions back as soon as it is started again, and not
     * only when its session has expired.
     */
    static Map<String, Object> lock(KafkaSettings kafka, String group) {
        var properties = reader(kafka, group + "-lock");
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        properties.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
        var instance = kafka.properties().get(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        if (instance != null) {
            properties.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, instance);
        }
        properties.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, "6000");
        properties.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, "1000");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
        return new HashMap<>(properties);
    }

    static Map<String, Object> transactional(KafkaSettings kafka, String transactionalId) {
        var properties = producer(kafka, transactionalId);
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, Integer.toString(TRANSACTION_TIMEOUT_MILLIS));
        return new HashMap<>(properties);
    }

    static Map<String, Object> plainProducer(KafkaSettings kafka, String clientId) {
        return new HashMap<>(producer(kafka, clientId));
    }

    private static Map<String, String> producer(KafkaSettings kafka, String clientId) {
        var properties = common(kafka, clientId);
        properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, "0");
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MILLIS);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "9000");
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "20000");
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(Topics.MESSAGE_BYTES_MAX));
        return properties;
    }

    private static Map<String, String> common(KafkaSettings kafka, String clientId) {
        var properties = new HashMap<>(kafka.properties());
        properties.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
        properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId);
        properties.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, "2000");
        return properties;
    }
}
