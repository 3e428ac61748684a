package io.ballast.testbed.kafka;

import io.ballast.runtime.kafka.KafkaSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;

/** The groups by which services share out partitions: one with members means that a service runs. */
public final class ServiceGroups {
    private static final List<String> SERVICES = List.of("watcher", "translator", "ipam", "octavia");

    private final KafkaSettings kafka;

    public ServiceGroups(KafkaSettings kafka) {
        this.kafka = kafka;
    }

    /** Waits until no group has members any more; those that still have some after the time, sorted. */
    public List<String> awaitEmpty(Duration within) throws InterruptedException {
        var properties = new HashMap<String, Object>(kafka.properties());
        properties.put("bootstrap.servers", kafka.bootstrapServers());
        try (var admin = Admin.create(properties)) {
            var running = running(admin);
            for (long left = within.toSeconds(); left > 0 && !running.isEmpty(); left--) {
                TimeUnit.SECONDS.sleep(1);
                running = running(admin);
            }
            return running;
        } catch (ExecutionException e) {
            throw new IllegalStateException("Kafka did not tell its groups: " + e.getMessage(), e);
        }
    }

    private List<String> running(Admin admin) throws ExecutionException, InterruptedException {
        var groups = admin.listGroups(ListGroupsOptions.forConsumerGroups()).all().get().stream()
                .map(GroupListing::groupId)
                .filter(this::isOurs)
                .toList();
        return admin.describeConsumerGroups(groups).all().get().values().stream()
                .filter(group -> !group.members().isEmpty())
                .map(group -> group.groupId().substring(kafka.topicPrefix().length()))
                .sorted()
                .toList();
    }

    private boolean isOurs(String group) {
        return SERVICES.stream()
                .map(service -> kafka.topicPrefix() + service)
                .anyMatch(service -> group.equals(service) || group.startsWith(service + "-"));
    }
}
