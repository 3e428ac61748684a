package io.ballast.runtime.kafka;

import io.ballast.schemas.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Makes topics, compares them with the contract and lists them. Every method waits for Kafka and throws {@link
 * KafkaException} when it does not answer or refuses.
 */
public final class TopicAdmin implements AutoCloseable {
    private static final String TRANSACTION_VERSION = "transaction.version";
    private static final int TRANSACTION_VERSION_MIN = 2;
    private static final int QUESTIONS_MAX = 100;
    private static final Duration ASK_AGAIN = Duration.ofMillis(100);

    private final KafkaSettings kafka;
    private final KafkaNames names;
    private final Admin admin;

    /** One topic as Kafka has it. */
    public record Found(String name, int partitions, int replicas, Map<String, String> settings) {}

    public TopicAdmin(KafkaSettings kafka) {
        this.kafka = kafka;
        this.names = new KafkaNames(kafka.topicPrefix());
        this.admin = Admin.create(ClientProperties.admin(kafka));
    }

    /**
     * Makes what is missing and sets what differs. Never changes a partition count: that would move keys.
     *
     * @return what was done, one line each, sorted; empty when all was as it should be
     */
    public List<String> apply(Collection<? extends Topic<?>> topics) {
        var found = find(topics);
        var done = new ArrayList<String>();
        var missing = new ArrayList<NewTopic>();
        var changes = new HashMap<ConfigResource, Collection<AlterConfigOp>>();
        for (var topic : topics) {
            var is = found.get(names.of(topic));
            if (is == null) {
                missing.add(newTopic(topic));
                done.add("topic %s made".formatted(names.of(topic)));
            } else {
                differences(topic, is).forEach((setting, value) -> {
                    changes.computeIfAbsent(resource(topic), ignored -> new ArrayList<>())
                            .add(new AlterConfigOp(new ConfigEntry(setting, value), AlterConfigOp.OpType.SET));
                    done.add("topic %s: %s set to %s".formatted(is.name(), setting, value));
                });
            }
        }
        done(admin.createTopics(missing).all());
        done(admin.incrementalAlterConfigs(changes).all());
        awaitLeaders(missing);
        return done.stream().sorted().toList();
    }

    /** Every difference from the contract, one sentence each, by topic; empty when all is as it should be. */
    public List<String> check(Collection<? extends Topic<?>> topics) {
        var problems = new ArrayList<>(fatal(topics));
        var found = find(topics);
        for (var topic : topics) {
            var is = found.get(names.of(topic));
            if (is != null) {
                differences(topic, is).forEach((setting, value) -> {
                    var problem = "topic %s has %s %s, but must have %s"
                            .formatted(is.name(), setting, is.settings().get(setting), value);
                    if (!problems.contains(problem)) {
                        problems.add(problem);
                    }
                });
            }
        }
        return List.copyOf(problems);
    }

    /** The topics of ours that exist, sorted by name. */
    public List<Found> list(Collection<? extends Topic<?>> topics) {
        return List.copyOf(find(topics).values());
    }

    /** The differences with which a service must not run. */
    List<String> fatal(Collection<? extends Topic<?>> topics) {
        var problems = new ArrayList<String>();
        int version = transactionVersion();
        if (version < TRANSACTION_VERSION_MIN) {
            problems.add("Kafka has %s %d finalised, but must have %d or more"
                    .formatted(TRANSACTION_VERSION, version, TRANSACTION_VERSION_MIN));
        }
        var found = find(topics);
        for (var topic : topics) {
            var is = found.get(names.of(topic));
            if (is == null) {
                problems.add("topic %s does not exist: make it with ballast topics apply".formatted(names.of(topic)));
                continue;
            }
            int partitions = topic.partitions(kafka.keyedPartitions());
            if (is.partitions() != partitions) {
                problems.add("topic %s has %d partitions, but must have %d"
                        .formatted(is.name(), is.partitions(), partitions));
            }
            fatalSetting(topic, is, "cleanup.policy", problems);
            fatalSetting(topic, is, "max.message.bytes", problems);
        }
        return List.copyOf(problems);
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }

    /**
     * Waits until the leader of each new partition answers. Whoever writes before may lose the first batch of a producer to
     * "not leader", have the second accepted, and be refused for two minutes because the first comes out of order.
     */
    private void awaitLeaders(List<NewTopic> made) {
        var newest = new HashMap<TopicPartition, OffsetSpec>();
        for (var topic : made) {
            for (int partition = 0; partition < topic.numPartitions(); partition++) {
                newest.put(new TopicPartition(topic.name(), partition), OffsetSpec.latest());
            }
        }
        for (int left = QUESTIONS_MAX - 1; !isKnown(newest, left == 0); left--) {
            LockSupport.parkNanos(ASK_AGAIN.toNanos());
        }
    }

    /** A broker learns of a new topic a little later than the controller says that it is made. */
    private boolean isKnown(Map<TopicPartition, OffsetSpec> newest, boolean isLast) {
        try {
            await(() -> admin.listOffsets(newest).all().get());
            return true;
        } catch (UnknownTopicOrPartitionException e) {
            if (isLast) {
                throw e;
            }
            return false;
        }
    }

    private void fatalSetting(Topic<?> topic, Found is, String setting, List<String> problems) {
        var wanted = differences(topic, is).get(setting);
        if (wanted != null) {
            problems.add("topic %s has %s %s, but must have %s"
                    .formatted(is.name(), setting, is.settings().get(setting), wanted));
        }
    }

    private int transactionVersion() {
        var features =
                await(() -> admin.describeFeatures().featureMetadata().get().finalizedFeatures());
        var range = features.get(TRANSACTION_VERSION);
        return range == null ? 0 : range.maxVersionLevel();
    }

    private Map<String, String> settings(Topic<?> topic) {
        var settings = new TreeMap<>(topic.settings());
        settings.put("min.insync.replicas", kafka.replicationFactor() >= 3 ? "2" : "1");
        return settings;
    }

    /** What must be set otherwise: the right value of each setting that differs. */
    private Map<String, String> differences(Topic<?> topic, Found is) {
        var different = new TreeMap<String, String>();
        settings(topic).forEach((setting, value) -> {
            if (!sameList(value, is.settings().getOrDefault(setting, ""))) {
                different.put(setting, value);
            }
        });
        return different;
    }

    /** "compact,delete" and "delete,compact" are the same. */
    private static boolean sameList(String one, String other) {
        return List.of(one.split(",", -1)).stream()
                .sorted()
                .toList()
                .equals(List.of(other.replace(" ", "").split(",", -1)).stream()
                        .sorted()
                        .toList());
    }

    private NewTopic newTopic(Topic<?> topic) {
        return new NewTopic(
                        names.of(topic), topic.partitions(kafka.keyedPartitions()), (short) kafka.replicationFactor())
                .configs(settings(topic));
    }

    private ConfigResource resource(Topic<?> topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, names.of(topic));
    }

    /** The topics of these that exist, by their names in Kafka, sorted. */
    private Map<String, Found> find(Collection<? extends Topic<?>> topics) {
        var described = new TreeMap<String, TopicDescription>();
        var all = topics.stream().map(names::of).distinct().toList();
        admin.describeTopics(all)
                .topicNameValues()
                .forEach((name, future) ->
                        await(() -> ifExists(future)).ifPresent(description -> described.put(name, description)));
        var resources = described.keySet().stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        Map<ConfigResource, Config> configs =
                await(() -> admin.describeConfigs(resources).all().get());
        var found = new TreeMap<String, Found>();
        configs.forEach((resource, config) -> {
            var description = Objects.requireNonNull(described.get(resource.name()));
            found.put(resource.name(), found(description, config));
        });
        return found;
    }

    private static Found found(TopicDescription description, Config config) {
        var settings = new TreeMap<String, String>();
        config.entries().forEach(entry -> settings.put(entry.name(), String.valueOf(entry.value())));
        var partitions = description.partitions();
        return new Found(
                description.name(),
                partitions.size(),
                partitions.getFirst().replicas().size(),
                settings);
    }

    private static Optional<TopicDescription> ifExists(KafkaFuture<TopicDescription> future)
            throws InterruptedException, ExecutionException {
        try {
            return Optional.of(future.get());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private interface Asking<T> {
        T ask() throws InterruptedException, ExecutionException;
    }

    private static void done(KafkaFuture<Void> future) {
        await(() -> Optional.ofNullable(future.get()));
    }

    private static <T> T await(Asking<T> asking) {
        try {
            return asking.ask();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException kafka ? kafka : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
