package io.ballast.testbed.command;

import io.ballast.testbed.bench.GroupCommitBench;
import io.ballast.testbed.bench.IpamBench;
import io.ballast.testbed.bench.OctaviaBench;
import io.ballast.testbed.bench.RawBench;
import io.ballast.testbed.bench.RoadBench;
import io.ballast.testbed.openstack.Layout;
import io.ballast.testbed.stack.GivenCloud;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ballast bench}: measures, and prints figures. */
@Command(name = "bench", description = "Measures, and prints figures.", mixinStandardHelpOptions = true)
final class BenchCommand {
    private static final int SERVICES_MAX = 30_000;
    private static final int FLOATING_MAX = 250; // addresses of the external network in the model

    private interface Run {
        void in(Path folder) throws IOException, InterruptedException;
    }

    @Command(
            name = "group-commit",
            description = "How many passes of two records each a service commits in a second, on one broker.",
            mixinStandardHelpOptions = true)
    int groupCommit(
            @Option(names = "--rows", description = "Rows; default: ${DEFAULT-VALUE}", defaultValue = "20000") int rows)
            throws IOException, InterruptedException {
        return run(folder -> GroupCommitBench.run(rows, folder));
    }

    @Command(
            description = {
                "How long Services take from Kubernetes to their desired state: real watcher and translator processes",
                "between the Kubernetes model and an embedded broker."
            },
            mixinStandardHelpOptions = true)
    int road(
            @Option(names = "--services", description = "Default: ${DEFAULT-VALUE}", defaultValue = "10000")
                    int services,
            @Option(names = "--endpoints", description = "Default: ${DEFAULT-VALUE}", defaultValue = "100000")
                    int endpoints,
            @Option(
                            names = "--changes",
                            description = "Single endpoint changes; default: ${DEFAULT-VALUE}",
                            defaultValue = "300")
                    int changes,
            @Option(
                            names = "--no-finalizers",
                            description = "Without the write of a finalizer to each Service",
                            negatable = false)
                    boolean noFinalizers,
            @Option(
                            names = "--heap",
                            description = "Largest heap of either service, MiB; default: ${DEFAULT-VALUE}",
                            defaultValue = "512")
                    int heap,
            @Option(names = "--seed", description = "Default: ${DEFAULT-VALUE}", defaultValue = "1") long seed)
            throws IOException, InterruptedException {
        if (services < 1 || services > SERVICES_MAX || endpoints < 0 || changes < 1) {
            throw new IllegalArgumentException(
                    "1 to %d Services, no negative endpoints, 1 change or more".formatted(SERVICES_MAX));
        }
        var options = new RoadBench.Options(services, endpoints, changes, !noFinalizers, heap, seed);
        var root = Path.of(System.getProperty("ballast.root", "."));
        return run(folder -> new RoadBench(options, root, folder, System.out::println).run());
    }

    @Command(
            description = {
                "How long load balancers take from their desired state to ACTIVE, and which calls that costs: a real",
                "octavia-service process between an embedded broker and the OpenStack model behind HTTP, or a cloud that runs already."
            },
            mixinStandardHelpOptions = true)
    int octavia(
            @Option(names = "--services", description = "Default: ${DEFAULT-VALUE}", defaultValue = "1000")
                    int services,
            @Option(
                            names = "--pending",
                            description =
                                    "How long each write leaves a load balancer PENDING, ms; default: ${DEFAULT-VALUE}",
                            defaultValue = "2000")
                    int pendingMillis,
            @Option(
                            names = "--timing",
                            description = "Part of the measured time that replies take; default: ${DEFAULT-VALUE}",
                            defaultValue = "0.1")
                    double timing,
            @Option(
                            names = "--heap",
                            description = "Largest heap of octavia-service, MiB; default: ${DEFAULT-VALUE}",
                            defaultValue = "384")
                    int heap,
            @Option(
                            names = "--provider",
                            description = "amphora or ovn; default: ${DEFAULT-VALUE}",
                            defaultValue = "amphora")
                    String provider,
            @Option(
                            names = "--openstack",
                            paramLabel = "CLOUD",
                            description = "A cloud of your clouds.yaml, instead of the model")
                    @Nullable
                    String cloud,
            @Option(
                            names = "--networks",
                            paramLabel = "NAME",
                            description =
                                    "What the names of the networks in that cloud begin with; default: ${DEFAULT-VALUE}",
                            defaultValue = "k8s")
                    String networks,
            @Option(
                            names = "--raw",
                            paramLabel = "CLIENTS",
                            description = "Without octavia-service: so many clients that only send the requests",
                            defaultValue = "0")
                    int raw)
            throws IOException, InterruptedException {
        if (services < 2 || services > SERVICES_MAX || pendingMillis < 0) {
            throw new IllegalArgumentException("2 to %d Services, PENDING for 0 ms or longer".formatted(SERVICES_MAX));
        }
        var given = Optional.ofNullable(cloud).map(name -> new GivenCloud(name, networks, Layout.PUBLIC));
        if (raw > 0) {
            var real = given.orElseThrow(() -> new IllegalArgumentException("--raw needs --openstack"));
            new RawBench(services, raw, provider, real, System.out::println).run();
            return 0;
        }
        var options =
                new OctaviaBench.Options(services, Duration.ofMillis(pendingMillis), timing, heap, provider, given);
        return run(folder -> new OctaviaBench(options, folder, System.out::println).run());
    }

    @Command(
            description = {
                "How fast ipam grants addresses: its decisions alone (a /16 filled, a sparse /64), then the service between",
                "an embedded broker and the model of Neutron."
            },
            mixinStandardHelpOptions = true)
    int ipam(
            @Option(
                            names = "--services",
                            description = "With an address of a plain range; default: ${DEFAULT-VALUE}",
                            defaultValue = "20000")
                    int services,
            @Option(
                            names = "--floating",
                            description = "With a floating IP; default: ${DEFAULT-VALUE}",
                            defaultValue = "200")
                    int floating)
            throws IOException, InterruptedException {
        if (services < 1 || services > SERVICES_MAX || floating < 1 || floating > FLOATING_MAX) {
            throw new IllegalArgumentException(
                    "1 to %d Services, 1 to %d of them with a floating IP".formatted(SERVICES_MAX, FLOATING_MAX));
        }
        return run(folder -> new IpamBench(services, floating, folder, System.out::println).run());
    }

    private static int run(Run bench) throws IOException, InterruptedException {
        var folder = Files.createTempDirectory("ballast-bench");
        bench.in(folder); // on failure the folder with the logs stays
        try (Stream<Path> all = Files.walk(folder)) {
            for (var each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
        return 0;
    }
}
