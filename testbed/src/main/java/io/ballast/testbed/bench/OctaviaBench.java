package io.ballast.testbed.bench;

import io.ballast.runtime.kafka.KafkaSettings;
import io.ballast.runtime.kafka.TopicAdmin;
import io.ballast.schemas.Topics;
import io.ballast.testbed.openstack.Timing;
import io.ballast.testbed.stack.ChildProcess;
import io.ballast.testbed.stack.FreePorts;
import io.ballast.testbed.stack.GivenCloud;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * How long octavia-service takes from a desired state and a grant to an ACTIVE load balancer, and what it asks for: the
 * OpenStack model in this process behind HTTP, or a cloud that runs already; broker and octavia-service in processes of their own.
 * Desired states and grants are written straight to their topics.
 */
public final class OctaviaBench {
    /**
     * What is measured.
     *
     * @param services Services
     * @param pending how long a load balancer is PENDING after each write
     * @param timing part of the measured time that replies take; creates of a project wait for each other's reply
     * @param heapMegabytes largest heap of octavia-service
     * @param provider amphora or ovn
     * @param cloud a cloud that runs already, instead of the model
     */
    public record Options(
            int services,
            Duration pending,
            double timing,
            int heapMegabytes,
            String provider,
            Optional<GivenCloud> cloud) {}

    private static final Duration READY_WITHIN = Duration.ofMinutes(2);
    private static final Duration APPLIED_WITHIN = Duration.ofMinutes(30);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(30);
    private static final long LAST_GENERATION = 9;
    private static final Duration QUIET = Duration.ofSeconds(10);

    private final Options options;
    private final Path folder;
    private final Consumer<String> say;

    /**
     * A run that is not started.
     *
     * @param folder for records, configuration and logs
     * @param say takes each line of the result
     */
    public OctaviaBench(Options options, Path folder, Consumer<String> say) {
        this.options = options;
        this.folder = folder.toAbsolutePath();
        this.say = say;
    }

    /** Runs it, and says the figures. */
    public void run() throws IOException, InterruptedException {
        try (var cloud = cloud()) {
            int port = FreePorts.run(2);
            var broker = process(
                    "kafka",
                    512,
                    List.of(
                            "io.ballast.testbed.kafka.EmbeddedBrokerMain",
                            "--port",
                            Integer.toString(port),
                            "--dir",
                            folder.resolve("kafka").toString()),
                    "tcp://127.0.0.1:" + port);
            try {
                broker.awaitReady(READY_WITHIN);
                var kafka = KafkaSettings.plain("127.0.0.1:" + port);
                try (var admin = new TopicAdmin(kafka)) {
                    admin.apply(Topics.ALL);
                }
                configure(kafka, port + 1, cloud);
                try (var services = new DesiredServices(kafka, cloud.serviceSubnet(), options.provider());
                        var applied = new AppliedGenerations(kafka)) {
                    measure(cloud, services, applied, port + 1);
                }
            } finally {
                broker.stop(STOP_WITHIN);
            }
        }
    }

    private BenchCloud cloud() throws IOException {
        return options.cloud().isPresent()
                ? new RealBenchCloud(options.cloud().get())
                : new ModelBenchCloud(new Timing(options.timing(), options.pending()), folder);
    }

    private void measure(BenchCloud cloud, DesiredServices services, AppliedGenerations applied, int port)
            throws InterruptedException {
        var octavia = process(
                "octavia",
                options.heapMegabytes(),
                List.of(
                        "io.ballast.octavia.OctaviaServiceMain",
                        "--config",
                        folder.resolve("octavia.yaml").toString()),
                "http://127.0.0.1:" + port + "/readyz");
        try {
            octavia.awaitReady(READY_WITHIN);
            try (var gauges = new Gauges(octavia, port)) {
                phase("created", cloud, gauges, () -> {
                    all(0).forEach(services::grant);
                    return apply(services, applied, all(0), 1);
                });
                phase("changed, one member each", cloud, gauges, () -> apply(services, applied, all(0), 2));
                if (cloud instanceof ModelBenchCloud model) {
                    phase("changed with one stuck", cloud, gauges, () -> {
                        stick(model, services);
                        return apply(services, applied, all(1), 3);
                    });
                }
                row(
                        "memory",
                        "peak heap %s, resident %s"
                                .formatted(megabytes(gauges.peakHeap()), megabytes(gauges.peakResident())));
            }
            octavia.stop(STOP_WITHIN);
            restart(cloud, octavia, port);
            if (cloud instanceof RealBenchCloud) {
                try (var gauges = new Gauges(octavia, port)) {
                    phase("deleted", cloud, gauges, () -> delete(services, applied));
                }
            }
        } finally {
            octavia.stop(STOP_WITHIN);
        }
    }

    // --- phases

    private interface Work {
        /** Milliseconds that each Service took, sorted. */
        double[] run() throws InterruptedException;
    }

    private void phase(String what, BenchCloud cloud, Gauges gauges, Work work) throws InterruptedException {
        var before = cloud.calls(gauges);
        long began = System.nanoTime();
        var millis = work.run();
        row(
                "%d %s".formatted(millis.length, what),
                "%.1f s; to ACTIVE p50 %.1f s, p99 %.1f s, max %.1f s"
                        .formatted(
                                seconds(began),
                                percentile(millis, 0.5) / 1e3,
                                percentile(millis, 0.99) / 1e3,
                                millis[millis.length - 1] / 1e3));
        calls(cloud.calls(gauges), before);
    }

    private double[] apply(DesiredServices services, AppliedGenerations applied, IntStream which, long generation)
            throws InterruptedException {
        var began = new TreeMap<Integer, Long>();
        which.forEach(service -> {
            began.put(service, System.nanoTime());
            services.desire(service, generation);
        });
        services.flush();
        return await(began, applied, generation);
    }

    private double[] delete(DesiredServices services, AppliedGenerations applied) throws InterruptedException {
        var began = new TreeMap<Integer, Long>();
        all(0).forEach(service -> {
            began.put(service, System.nanoTime());
            services.withdraw(service, LAST_GENERATION);
        });
        services.flush();
        return await(began, applied, AppliedGenerations.DELETED);
    }

    private static double[] await(Map<Integer, Long> began, AppliedGenerations applied, long generation)
            throws InterruptedException {
        var millis = new ArrayList<Double>();
        long start = System.nanoTime();
        for (var each : began.entrySet()) {
            long at = applied.at(each.getKey(), generation);
            while (at == Long.MAX_VALUE) {
                if (seconds(start) > APPLIED_WITHIN.toSeconds()) {
                    throw new IllegalStateException("%s did not reach generation %d within %d s"
                            .formatted(DesiredServices.key(each.getKey()), generation, APPLIED_WITHIN.toSeconds()));
                }
                TimeUnit.MILLISECONDS.sleep(20);
                at = applied.at(each.getKey(), generation);
            }
            millis.add((at - each.getValue()) / 1e6);
        }
        return millis.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    }

    /** The first Service's load balancer begins a change that never ends. */
    private static void stick(ModelBenchCloud cloud, DesiredServices services) throws InterruptedException {
        cloud.stickNext();
        services.desire(0, 3);
        services.flush();
        cloud.awaitStuck();
    }

    private void restart(BenchCloud cloud, ChildProcess octavia, int port) throws InterruptedException {
        var before = cloud instanceof ModelBenchCloud model ? model.calls() : Map.<String, Long>of();
        long began = System.nanoTime();
        octavia.restart();
        octavia.awaitReady(READY_WITHIN);
        double ready = seconds(began);
        try (var gauges = new Gauges(octavia, port)) {
            TimeUnit.MILLISECONDS.sleep(QUIET.toMillis());
            row(
                    "restart with %d".formatted(options.services()),
                    "%.1f s until ready; peak heap %s, resident %s"
                            .formatted(ready, megabytes(gauges.peakHeap()), megabytes(gauges.peakResident())));
            calls(cloud.calls(gauges), before);
        }
    }

    // --- the world

    private IntStream all(int from) {
        return IntStream.range(from, options.services());
    }

    private void calls(Map<String, Long> now, Map<String, Long> before) {
        now.forEach((kind, count) -> {
            long more = count - before.getOrDefault(kind, 0L);
            if (more > 0) {
                row("  " + kind, Long.toString(more));
            }
        });
    }

    private ChildProcess process(String name, int heap, List<String> program, String ready) {
        var arguments = new ArrayList<>(List.of("-cp", System.getProperty("java.class.path")));
        arguments.addAll(program);
        return ChildProcess.start(name, heap, arguments, folder, URI.create(ready));
    }

    private void configure(KafkaSettings kafka, int port, BenchCloud cloud) throws IOException {
        Files.writeString(
                folder.resolve("octavia.yaml"), """
                kafka: {bootstrap-servers: "%s", replication-factor: 1}
                http: {host: 127.0.0.1, port: %d}
                %s
                """.formatted(kafka.bootstrapServers(), port, cloud.configuration()));
    }

    // --- words

    private static double percentile(double[] sorted, double part) {
        return sorted[Math.max(0, (int) Math.ceil(sorted.length * part) - 1)];
    }

    private void row(String what, String value) {
        say.accept("%-44s %s".formatted(what, value));
    }

    private static String megabytes(double bytes) {
        return "%.0f MiB".formatted(bytes / (1 << 20));
    }

    private static double seconds(long beganNanos) {
        return (System.nanoTime() - beganNanos) / 1e9;
    }
}
