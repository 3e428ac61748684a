package io.ballast.testbed.command;

import io.ballast.testbed.bench.GroupCommitBench;
import io.ballast.testbed.bench.RoadBench;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ballast bench}: measures, and prints figures. */
@Command(name = "bench", description = "Measures, and prints figures.", mixinStandardHelpOptions = true)
final class BenchCommand {
    private static final int SERVICES_MAX = 30_000;

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
