package io.ballast.testbed.command;

import io.ballast.runtime.kafka.KafkaSettings;
import io.ballast.schemas.Topics;
import io.ballast.testbed.kafka.ServiceGroups;
import io.ballast.testbed.kafka.TopicRows;
import io.ballast.testbed.purge.Purge;
import io.ballast.testbed.purge.PurgePlan;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ballast purge}: deletes what a cluster that is gone left in OpenStack. */
@Command(
        name = "purge",
        description = {
            "Deletes every load balancer, floating IP and rule of a security group that Ballast made for a cluster, after a confirmation.",
            "For a cluster that is gone. While one lives, 'manage: none' lets everything go in the ordinary way.",
            "Refuses while the cluster is alive in a Kafka, if --kafka or the environment names one."
        },
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets what it injects
final class PurgeCommand implements Callable<Integer> {
    private static final Duration ALIVE_WITHIN = Duration.ofMinutes(30);

    @Spec
    private CommandSpec spec;

    @Option(names = "--cluster", required = true, description = "Name of the cluster")
    private String cluster;

    @Option(
            names = "--cluster-uid",
            description = "UID of its namespace kube-system, where several clusters have had the name")
    private @Nullable String clusterUid;

    @Mixin
    private CloudOptions cloud;

    @Mixin
    private KafkaOptions kafka;

    @Option(names = "--dry-run", description = "Lists what would be deleted, and deletes nothing")
    private boolean isDry;

    @Option(names = "--yes", description = "Does not ask")
    private boolean isConfirmed;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            description = "How long to wait for load balancers to go; default: ${DEFAULT-VALUE}",
            defaultValue = "600")
    private long waitSeconds;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var named = kafka.ifNamed();
        var alive = named.isEmpty() ? Optional.<String>empty() : alive(named.get());
        if (alive.isPresent()) {
            out().println("refused: " + alive.get());
            if (!isDry) {
                return 1;
            }
        }
        var purge = new Purge(cloud.open(), line -> {
            out().println(line);
            out().flush();
        });
        var plan = purge.plan(cluster, Optional.ofNullable(clusterUid));
        return switch (plan) {
            case PurgePlan.Unclear(var sentence) -> {
                out().println("refused: " + sentence);
                yield 1;
            }
            case PurgePlan.Doomed doomed
            when doomed.isEmpty() -> {
                out().printf("nothing of cluster %s is in this project%n", cluster);
                yield 0;
            }
            case PurgePlan.Doomed doomed -> {
                tell(doomed);
                yield isDry ? 0 : confirmed() ? carryOut(doomed, purge) : 1;
            }
        };
    }

    // --- whether it is gone

    private Optional<String> alive(KafkaSettings settings) throws InterruptedException {
        var running = new ServiceGroups(settings).awaitEmpty(Duration.ZERO);
        if (running.contains("watcher-" + cluster)) {
            return Optional.of("a watcher of cluster %s runs; stop it first".formatted(cluster));
        }
        var rows = new TopicRows(settings);
        var row = rows.values(Topics.CLUSTERS).get(cluster);
        if (row == null || (clusterUid != null && !clusterUid.equals(row.clusterUid()))) {
            return Optional.empty();
        }
        var written =
                Optional.ofNullable(rows.raw(Topics.CLUSTERS).get(cluster)).map(TopicRows.Row::writtenAt);
        if (written.filter(Instant.now().minus(ALIVE_WITHIN)::isBefore).isPresent()) {
            return Optional.of("a watcher wrote of cluster %s (UID %s) at %s, less than %d minutes ago"
                    .formatted(cluster, row.clusterUid(), written.get(), ALIVE_WITHIN.toMinutes()));
        }
        return running.contains("octavia")
                ? Optional.of(
                        "octavia-service runs and knows what cluster %s wants, and would make it again; stop all services and run: ballast clusters forget --cluster %s"
                                .formatted(cluster, cluster))
                : Optional.empty();
    }

    // --- asking

    private void tell(PurgePlan.Doomed doomed) {
        doomed.loadBalancers()
                .forEach(each -> out().printf(
                                "load balancer %s %s, VIP %s, %s%n",
                                each.id(), each.name(), each.vipAddress(), each.provisioningStatus()));
        doomed.floatingIps().forEach(each -> out().printf("floating IP %s %s%n", each.id(), each.address()));
        doomed.accessRules().forEach(each -> out().println(each));
        doomed.spared()
                .forEach(each -> out().printf(
                                "spared: %s; another cluster has been named %s, and the rule does not tell which it is for%n",
                                each, cluster));
        out().printf(
                        "cluster %s, UID %s: %d load balancers with everything in them, %d floating IPs, %d rules of security groups%n",
                        cluster,
                        doomed.clusterUid(),
                        doomed.loadBalancers().size(),
                        doomed.floatingIps().size(),
                        doomed.accessRules().size());
        out().flush();
    }

    private boolean confirmed() throws IOException {
        if (isConfirmed) {
            return true;
        }
        out().print("Type the name of the cluster to delete all of them: ");
        out().flush();
        var answer = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        if (cluster.equals(answer == null ? null : answer.strip())) {
            return true;
        }
        out().printf(
                        "nothing is deleted: %s is not %s%n",
                        answer == null ? "no answer" : "'" + answer.strip() + "'", cluster);
        return false;
    }

    // --- doing

    private int carryOut(PurgePlan.Doomed doomed, Purge purge) throws InterruptedException {
        var left = purge.carryOut(cluster, doomed, Duration.ofSeconds(waitSeconds));
        left.loadBalancers()
                .forEach(each -> out().printf(
                                "left: load balancer %s %s, %s%n", each.id(), each.name(), each.provisioningStatus()));
        left.floatingIps().forEach(each -> out().printf("left: floating IP %s %s%n", each.id(), each.address()));
        left.accessRules().forEach(each -> out().printf("left: %s%n", each));
        if (left.loadBalancers().isEmpty()) {
            left.ports()
                    .forEach(each -> out().printf(
                                    "left: port %s; its load balancer is gone: openstack port delete %s%n",
                                    each, each.substring(0, each.indexOf(' '))));
        }
        out().printf(
                        "%d of %d load balancers, %d of %d floating IPs and %d of %d rules of security groups are deleted%s%n",
                        doomed.loadBalancers().size() - left.loadBalancers().size(),
                        doomed.loadBalancers().size(),
                        doomed.floatingIps().size() - left.floatingIps().size(),
                        doomed.floatingIps().size(),
                        doomed.accessRules().size() - left.accessRules().size(),
                        doomed.accessRules().size(),
                        left.isNothing() ? "; nothing is left" : "; run it again");
        return left.isNothing() ? 0 : 1;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
