package io.ballast.testbed.command;

import io.ballast.testbed.takeover.Found;
import io.ballast.testbed.takeover.Peer;
import io.ballast.testbed.takeover.TakeOverCloud;
import io.ballast.testbed.takeover.TakeOverCluster;
import io.ballast.testbed.takeover.TakeOverPlan;
import io.ballast.testbed.takeover.Verdict;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ballast adopt}: takes over what another controller made, with its addresses. */
@Command(
        name = "adopt",
        description = {
            "Takes over the load balancers that kuryr-kubernetes or the OpenStack cloud provider made, with their addresses.",
            "Their controller is stopped before, the services of Ballast are started afterwards. Run it again until nothing",
            "is refused; what is taken over stays so."
        },
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets what it injects
final class AdoptCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--from", required = true, description = "Whose they are: kuryr or occm")
    private Peer peer;

    @Option(names = "--cluster", required = true, description = "Name of the cluster, as watcher has it in 'cluster'")
    private String cluster;

    @Option(
            names = "--cluster-name",
            description = "What the cloud provider was told as --cluster-name; default: ${DEFAULT-VALUE}",
            defaultValue = "kubernetes")
    private String clusterName;

    @Option(names = "--kubernetes", paramLabel = "KUBECONFIG", description = "The cluster; default: as kubectl")
    private @Nullable Path kubeconfig;

    @Mixin
    private CloudOptions cloud;

    @Option(names = "--namespace", paramLabel = "NAMESPACE", description = "Only here; may be repeated; default: all")
    private List<String> namespaces = List.of();

    @Option(
            names = "--tag",
            description = "A further tag, as octavia-service has in 'tags', to save a write; may be repeated")
    private List<String> tags = List.of();

    @Option(names = "--dry-run", description = "Says what it would do, and writes nothing")
    private boolean isDry;

    @Option(names = "--force", description = "Also while their controller seems to run")
    private boolean isForced;

    @Option(names = "--keep-crs", description = "Leave the finalizers of KuryrLoadBalancers as they are")
    private boolean keepsRecords;

    @Override
    public Integer call() {
        try (var client = client()) {
            var kubernetes = new TakeOverCluster(client, cluster);
            var openStack = new TakeOverCloud(cloud.open());
            var running = kubernetes.controllers().running(peer, Instant.now());
            if (running.isPresent()) {
                out().printf("%s still runs: %s%n", peer.title(), running.get());
                if (!isForced && !isDry) {
                    return 1;
                }
            }
            var verdicts = TakeOverPlan.plan(
                    new TakeOverPlan.Request(
                            peer,
                            cluster,
                            kubernetes.uid(),
                            clusterName,
                            new TreeSet<>(namespaces),
                            tags,
                            keepsRecords),
                    new Found(
                            kubernetes.services(),
                            openStack.loadBalancers(),
                            openStack.floatingIps(),
                            peer == Peer.KURYR ? kubernetes.records() : List.of()));
            return carryOut(verdicts, kubernetes, openStack);
        }
    }

    private int carryOut(List<Verdict> verdicts, TakeOverCluster kubernetes, TakeOverCloud openStack) {
        int taken = 0;
        int ours = 0;
        int refused = 0;
        int failed = 0;
        for (var verdict : verdicts) {
            switch (verdict) {
                case Verdict.AlreadyOurs(var key, var id) -> {
                    out().printf("%s: load balancer %s is ours already%n", key, id);
                    ours++;
                }
                case Verdict.Refused(var key, var sentence) -> {
                    out().printf("%s: refused: %s%n", key, sentence);
                    refused++;
                }
                case Verdict.TakeOver takeOver -> {
                    tell(takeOver);
                    if (isDry || isDone(takeOver, kubernetes, openStack)) {
                        taken++;
                    } else {
                        failed++;
                    }
                }
            }
            out().flush();
        }
        out().printf(
                        "%d %s, %d ours already, %d refused, %d failed%n",
                        taken, isDry ? "would be taken over" : "taken over", ours, refused, failed);
        return refused + failed == 0 ? 0 : 1;
    }

    private void tell(Verdict.TakeOver takeOver) {
        var will = isDry ? "would be" : "is";
        if (takeOver.loadBalancerId().isEmpty()) {
            out().printf("%s: %s let go by %s%n", takeOver.key(), will, peer.title());
        } else {
            out().printf(
                            "%s: load balancer %s (%s), VIP %s, %s taken over%n",
                            takeOver.key(),
                            takeOver.loadBalancerId(),
                            takeOver.provider(),
                            takeOver.vipAddress(),
                            will);
        }
        takeOver.floatingIps()
                .forEach(each -> out().printf("    floating IP %s %s managed by ipam%n", each.address(), will));
        takeOver.notes().forEach(note -> out().printf("    %s%n", note));
    }

    /** In this order: what broke off is seen as not done, and is done by the next run. */
    private boolean isDone(Verdict.TakeOver takeOver, TakeOverCluster kubernetes, TakeOverCloud openStack) {
        try {
            takeOver.floatingIps().forEach(openStack::change);
            var loadBalancer = takeOver.loadBalancer();
            if (loadBalancer != null) {
                openStack.change(loadBalancer);
            }
            var record = takeOver.record();
            if (record != null) {
                kubernetes.changeRecord(record);
            }
            var service = takeOver.service();
            if (service != null) {
                kubernetes.changeService(service);
            }
            return true;
        } catch (IllegalStateException | KubernetesClientException e) {
            out().printf("    failed: %s; run it again%n", e.getMessage());
            return false;
        }
    }

    private KubernetesClient client() {
        var builder = new KubernetesClientBuilder();
        return kubeconfig == null
                ? builder.build()
                : builder.withConfig(Config.fromKubeconfig(kubeconfig.toFile())).build();
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
