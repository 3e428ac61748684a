package io.ballast.testbed.kubernetes;

import io.ballast.runtime.process.Parent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the Kubernetes model as a process of its own until it is ended. */
@Command(
        name = "kubernetes",
        mixinStandardHelpOptions = true,
        description = "Serves a model of a Kubernetes cluster on 127.0.0.1 over plain HTTP.")
public final class KubernetesServerMain implements Callable<Integer> {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m)");

    @Option(names = "--port", defaultValue = "0", description = "Port to listen on; 0 picks a free one.")
    private int port;

    @Option(
            names = "--service-cidr",
            split = ",",
            defaultValue = "10.2.0.0/17",
            description = "Range of ClusterIPs, one per family.")
    private List<String> serviceCidrs = List.of();

    @Option(
            names = "--pod-cidr",
            split = ",",
            defaultValue = "10.1.0.0/16",
            description = "Range of pod addresses, one per family.")
    private List<String> podCidrs = List.of();

    @Option(
            names = "--node-cidr",
            split = ",",
            description = "Range of node addresses; by default one that fits the services' family.")
    private @Nullable List<String> nodeCidrs;

    @Option(names = "--nodes", defaultValue = "3", description = "Number of nodes.")
    private int nodes;

    @Option(
            names = "--ready-delay",
            defaultValue = "1s",
            description = "How long a pod takes to get ready, such as 2s or 500ms.")
    private Duration readyDelay = Duration.ZERO;

    @Option(
            names = "--termination-grace",
            defaultValue = "1s",
            description = "How long a deleted pod stays, such as 2s or 500ms.")
    private Duration terminationGrace = Duration.ZERO;

    @Option(names = "--seed", defaultValue = "1", description = "Seed of uids and names; the identity of the cluster.")
    private long seed;

    @Option(names = "--kubeconfig", description = "File to write a kubeconfig to, once requests are answered.")
    private @Nullable Path kubeconfig;

    public static void main(String[] arguments) {
        Parent.endWithIt();
        var command = new CommandLine(new KubernetesServerMain());
        command.registerConverter(Duration.class, KubernetesServerMain::duration);
        System.exit(command.execute(arguments));
    }

    /** A time with its unit: {@code 500ms}, {@code 2s}, {@code 1m}. */
    static Duration duration(String text) {
        var parts = DURATION.matcher(text);
        if (!parts.matches()) {
            throw new CommandLine.TypeConversionException("'" + text + "' is no time such as 500ms, 2s or 1m");
        }
        var amount = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            default -> Duration.ofMinutes(amount);
        };
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var addresses = nodeCidrs;
        if (addresses == null) {
            addresses = serviceCidrs.stream()
                    .map(cidr -> cidr.contains(":") ? "fd10:0:0:ff::/64" : "192.168.64.0/24")
                    .toList();
        }
        var settings = KubernetesSettings.defaults()
                .withServiceCidrs(serviceCidrs.toArray(String[]::new))
                .withPodCidrs(podCidrs.toArray(String[]::new))
                .withNodeCidrs(addresses.toArray(String[]::new))
                .withNodes(nodes)
                .withDelays(readyDelay, terminationGrace)
                .withSeed(seed);
        var server = KubernetesServer.start(settings, InstantSource.system(), port);
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        if (kubeconfig != null) {
            Files.writeString(kubeconfig, server.kubeconfig());
        }
        System.out.println("kubernetes is served at " + server.url());
        new CountDownLatch(1).await();
        return 0;
    }
}
