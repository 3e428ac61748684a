package io.ballast.runtime.kafka;

import io.ballast.runtime.shell.Event;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The group membership that says which partitions are ours. It reads nothing. A revocation waits, within limits, until
 * the shell has let go; a member that is thrown out has lost them already, and fencing protects from what it still does.
 */
final class OwnershipLock<C, R> implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(OwnershipLock.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration LET_GO_WITHIN = Duration.ofSeconds(27);
    private static final Duration REST = Duration.ofSeconds(3);
    private static final double SILENCE_SECONDS_MAX = 10;

    /** Asks the shell for these and waits until it holds none of them any more; false when time is up. */
    interface LettingGo {
        boolean letGo(Set<Integer> partitions, Duration within) throws InterruptedException;
    }

    private final Map<String, Object> properties;
    private final String topic;
    private final Mailbox<C, R> mailbox;
    private final LettingGo lettingGo;
    private final ClientMetrics metrics;
    private final Set<Integer> owned = new TreeSet<>();
    private final Thread thread;
    private volatile @Nullable KafkaConsumer<byte[], byte[]> consumer;
    private volatile boolean closed;
    private boolean silenceTold;
    private volatile String trouble = "has not joined its group yet";

    OwnershipLock(
            Map<String, Object> properties,
            String topic,
            Mailbox<C, R> mailbox,
            LettingGo lettingGo,
            ClientMetrics metrics) {
        this.properties = properties;
        this.topic = topic;
        this.mailbox = mailbox;
        this.lettingGo = lettingGo;
        this.metrics = metrics;
        this.thread = Thread.ofPlatform().name("ownership").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Why nobody can rely on this membership now; empty when one can. */
    Optional<String> trouble() {
        var member = consumer;
        var known = trouble;
        if (!known.isEmpty() || member == null) {
            return Optional.of(known);
        }
        if (metric(member, "connection-count") == 0) {
            return Optional.of("has no connection to Kafka");
        }
        double silence = metric(member, "last-heartbeat-seconds-ago");
        return silence > SILENCE_SECONDS_MAX
                ? Optional.of("Kafka has not answered a heartbeat for %d s".formatted(Math.round(silence)))
                : Optional.empty();
    }

    /** Leaves the group at once, so that others need not wait for the session to expire. */
    @Override
    public void close() {
        closed = true;
        var member = consumer;
        if (member != null) {
            member.wakeup();
        }
        try {
            if (thread.isAlive()) {
                thread.join(Duration.ofSeconds(5));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!closed) {
            try {
                join();
            } catch (WakeupException | InterruptException _) {
                LOGGER.debug("membership ends");
            } catch (KafkaException | IllegalStateException e) {
                rejoinLater(e);
            } finally {
                var member = consumer;
                consumer = null;
                if (member != null) {
                    metrics.forget(member);
                }
            }
        }
    }

    private void join() {
        var member = new KafkaConsumer<byte[], byte[]>(properties);
        try {
            consumer = member;
            metrics.watch(member);
            member.subscribe(List.of(topic), new Listener(member));
            while (!closed) {
                member.poll(POLL);
                tellOfSilence();
            }
        } finally {
            // a static member would otherwise keep its partitions until its session expires
            member.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
        }
    }

    /** Once when Kafka falls silent and once when it is back, however often it is tried between. */
    private void tellOfSilence() {
        var words = trouble().orElse("");
        if (words.isEmpty() && silenceTold) {
            silenceTold = false;
            LOGGER.info("Kafka answers again");
        } else if (!words.isEmpty() && !silenceTold && trouble.isEmpty()) {
            silenceTold = true;
            LOGGER.atWarn().addKeyValue("reason", words).log("Kafka is away, and is tried until it answers");
        }
    }

    private void rejoinLater(RuntimeException e) {
        trouble = "has left its group: " + Failures.words(e);
        LOGGER.atWarn().addKeyValue("reason", Failures.words(e)).log("membership failed and is renewed");
        lost(Set.copyOf(owned));
        try {
            TimeUnit.MILLISECONDS.sleep(REST.toMillis());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void lost(Set<Integer> partitions) {
        if (!partitions.isEmpty()) {
            owned.removeAll(partitions);
            mailbox.post(new Event.Lost<>(partitions));
        }
    }

    /** A measurement of the client; -1 when there is none yet. */
    private static double metric(KafkaConsumer<?, ?> member, String name) {
        return member.metrics().values().stream()
                .filter(metric -> metric.metricName().name().equals(name))
                .map(Metric::metricValue)
                .filter(Number.class::isInstance)
                .mapToDouble(seconds -> ((Number) seconds).doubleValue())
                .max()
                .orElse(-1);
    }

    /** Called within poll, on our thread. */
    private final class Listener implements ConsumerRebalanceListener {
        private final KafkaConsumer<byte[], byte[]> member;

        Listener(KafkaConsumer<byte[], byte[]> member) {
            this.member = member;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            member.pause(partitions);
            var added = numbers(partitions);
            if (added.isEmpty()) {
                trouble = "";
                return;
            }
            owned.addAll(added);
            LOGGER.atInfo().addKeyValue("partitions", added).log("partitions assigned");
            trouble = "partitions %s have just been assigned".formatted(added);
            mailbox.post(new Event.Assigned<>(added), () -> trouble = "");
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            var revoked = numbers(partitions);
            if (revoked.isEmpty()) {
                return;
            }
            LOGGER.atInfo().addKeyValue("partitions", revoked).log("partitions revoked");
            owned.removeAll(revoked);
            try {
                if (!lettingGo.letGo(revoked, LET_GO_WITHIN)) {
                    LOGGER.atWarn().addKeyValue("partitions", revoked).log("partitions not let go in time");
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            LOGGER.atWarn().addKeyValue("partitions", numbers(partitions)).log("partitions lost");
            lost(numbers(partitions));
        }

        private static Set<Integer> numbers(Collection<TopicPartition> partitions) {
            return partitions.stream().map(TopicPartition::partition).collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
