package io.ballast.testbed.command;

import io.ballast.openstack.CloudsYaml;
import io.ballast.openstack.RestFactory;
import io.ballast.runtime.kafka.KafkaSettings;
import io.ballast.schemas.Topic;
import io.ballast.schemas.Topics;
import io.ballast.testbed.kafka.ServiceGroups;
import io.ballast.testbed.kafka.TopicRows;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ballast clusters}: shows the clusters that are recorded, renames one, ends one. */
@Command(
        name = "clusters",
        description = "Shows the clusters that are recorded, renames one, ends one.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets what it injects
final class ClustersCommand {
    private static final Duration MEMBERS_LEAVE_WITHIN = Duration.ofSeconds(15);
    private static final String NAME = "[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?";

    /** Topics with rows of a single cluster; the record of the cluster goes last, so that an end that failed is repeated. */
    private static final List<Topic<?>> OF_A_CLUSTER = List.of(
            Topics.SERVICES,
            Topics.ENDPOINT_SLICES,
            Topics.NODES,
            Topics.ADDRESS_CLAIMS,
            Topics.DESIRED_LOAD_BALANCERS,
            Topics.ADDRESS_ALLOCATIONS,
            Topics.LOAD_BALANCER_STATUS,
            Topics.LOAD_BALANCER_STATUS_JSON,
            Topics.OPERATOR,
            Topics.CLUSTERS);

    @Spec
    private CommandSpec spec;

    @Command(description = "Lists them: name, UID of kube-system, take-overs, last full comparison.")
    int show(@Mixin KafkaOptions kafka) throws IOException {
        new TopicRows(kafka.settings()).values(Topics.CLUSTERS).forEach((name, row) -> {
            var compared = row.lastComparisonEpochMillis();
            out().printf(
                            "%s\t%s\t%d\t%s%n",
                            name,
                            row.clusterUid(),
                            row.watcherEpoch(),
                            compared == null ? "-" : Instant.ofEpochMilli(compared));
        });
        return 0;
    }

    @Command(
            description = {
                "Gives a cluster another name, while no service runs: writes it onto its load balancers and floating IPs,",
                "and ends the rows of the old name. Nothing is made, moved or deleted in OpenStack."
            })
    int rename(
            @Mixin KafkaOptions kafka,
            @Option(names = "--from", required = true, description = "Its name so far") String from,
            @Option(names = "--to", required = true, description = "Its new name") String to,
            @Option(names = "--cloud", description = "The cloud, of clouds.yaml; default: $OS_CLOUD") @Nullable
                    String cloud)
            throws IOException, InterruptedException {
        if (!to.matches(NAME)) {
            throw new IllegalArgumentException(
                    "%s is no name of a cluster: 1..63 of a-z, 0-9, '-' and '.'".formatted(to));
        }
        var settings = kafka.settings();
        awaitStopped(settings);
        var rows = new TopicRows(settings);
        if (rows.values(Topics.CLUSTERS).containsKey(to)) {
            throw new IllegalArgumentException("a cluster %s is recorded already".formatted(to));
        }
        var environment = new HashMap<>(System.getenv());
        if (cloud != null) {
            environment.put("OS_CLOUD", cloud);
        }
        var found = CloudsYaml.find(environment, Path.of(""))
                .orElseThrow(() -> new IllegalArgumentException("no cloud: give --cloud, or set OS_CLOUD"));
        new ClusterRename(RestFactory.open(found), from, to).run().forEach(line -> out().println(line + " is renamed"));
        end(rows, from);
        out().println("rename it in the configuration of watcher, translator and ipam too, then start all services");
        return 0;
    }

    @Command(
            description = {
                "Ends everything that is recorded of a cluster that is no more, while no service runs. Its load balancers",
                "stay until a cluster of that name is watched again, and are then held by the deletion brake."
            })
    int forget(
            @Mixin KafkaOptions kafka,
            @Option(names = "--cluster", required = true, description = "The cluster") String cluster)
            throws IOException, InterruptedException {
        var settings = kafka.settings();
        awaitStopped(settings);
        end(new TopicRows(settings), cluster);
        return 0;
    }

    /** Ends the inventories too: what octavia finds then is waited for before any address is granted. */
    private void end(TopicRows rows, String cluster) {
        rows.end(Topics.INVENTORIES, rows.raw(Topics.INVENTORIES));
        int count = 0;
        for (var topic : OF_A_CLUSTER) {
            var ours = rows.raw(topic);
            ours.keySet().removeIf(key -> !key.equals(cluster) && !key.startsWith(cluster + "/"));
            rows.end(topic, ours);
            count += ours.size();
        }
        out().printf("%d rows of cluster %s are ended%n", count, cluster);
    }

    private void awaitStopped(KafkaSettings kafka) throws InterruptedException {
        var running = new ServiceGroups(kafka).awaitEmpty(MEMBERS_LEAVE_WITHIN);
        if (!running.isEmpty()) {
            throw new IllegalStateException(
                    "stop all services first: %s still run".formatted(String.join(", ", running)));
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
