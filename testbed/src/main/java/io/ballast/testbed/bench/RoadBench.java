package io.ballast.testbed.bench;

import io.ballast.runtime.kafka.KafkaSettings;
import io.ballast.runtime.kafka.TopicAdmin;
import io.ballast.schemas.Topic;
import io.ballast.schemas.Topics;
import io.ballast.testbed.stack.ChildProcess;
import io.ballast.testbed.stack.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How long Services take from Kubernetes to their desired state: the Kubernetes model in this process; broker, watcher and
 * translator in processes of their own.
 */
public final class RoadBench {
    /**
     * What is measured.
     *
     * @param services Services
     * @param endpoints endpoints, spread evenly
     * @param changes changes of one endpoint each, one after another, for the latency
     * @param finalizers whether the watcher puts its finalizer on each Service first, as it does by default
     * @param heapMegabytes largest heap of either service
     * @param seed decides addresses, uids and which endpoints change
     */
    public record Options(int services, int endpoints, int changes, boolean finalizers, int heapMegabytes, long seed) {}

    private static final String CLUSTER = "bench";

    private static final Duration READY_WITHIN = Duration.ofMinutes(10);
    private static final Duration QUIET = Duration.ofSeconds(8);
    private static final Duration CHANGE_WITHIN = Duration.ofSeconds(60);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(30);
    private static final List<Topic<?>> TOPICS = List.of(
            Topics.CLUSTERS,
            Topics.SERVICES,
            Topics.ENDPOINT_SLICES,
            Topics.NODES,
            Topics.ADDRESS_CLAIMS,
            Topics.DESIRED_LOAD_BALANCERS);

    private final Options options;
    private final Path root;
    private final Path folder;
    private final Consumer<String> say;

    /**
     * A run that is not started.
     *
     * @param root where the services are built
     * @param folder for records, configuration and logs
     * @param say takes each line of the result
     */
    public RoadBench(Options options, Path root, Path folder, Consumer<String> say) {
        this.options = options;
        this.root = root.toAbsolutePath();
        this.folder = folder.toAbsolutePath();
        this.say = say;
    }

    /** Runs it, and says the figures. */
    public void run() throws IOException, InterruptedException {
        long began = System.nanoTime();
        try (var cluster = LoadedCluster.start(options.services(), options.endpoints(), options.seed())) {
            row("Kubernetes model loaded", "%.1f s".formatted(seconds(began)));
            Files.writeString(folder.resolve("kubeconfig"), cluster.kubeconfig());
            int port = FreePorts.run(3);
            var broker = broker(port);
            try {
                broker.awaitReady(READY_WITHIN);
                var kafka = KafkaSettings.plain("127.0.0.1:" + port);
                try (var admin = new TopicAdmin(kafka)) {
                    admin.apply(Topics.ALL);
                }
                try (var tally = new TopicTally(kafka, TOPICS)) {
                    measure(cluster, tally, kafka, port + 1);
                }
            } finally {
                broker.stop(STOP_WITHIN);
            }
        }
    }

    private void measure(LoadedCluster cluster, TopicTally tally, KafkaSettings kafka, int port)
            throws IOException, InterruptedException {
        configure(kafka, port, "10m");
        @Nullable ChildProcess watcher = null;
        @Nullable ChildProcess translator = null;
        try {
            long began = System.nanoTime();
            watcher = service("watcher", port);
            translator = service("translator", port + 1);
            try (var ofWatcher = new Gauges(watcher, port);
                    var ofTranslator = new Gauges(translator, port + 1)) {
                start(tally, began);
                change(cluster, tally);
                memory("watcher", ofWatcher);
                memory("translator", ofTranslator);
            }
            stop(watcher, translator);
            configure(kafka, port, "20s");
            restart(tally, watcher, translator, port);
        } finally {
            stop(watcher, translator);
        }
    }

    // --- phases

    private void start(TopicTally tally, long began) throws InterruptedException {
        var desired = tally.of(Topics.DESIRED_LOAD_BALANCERS);
        while (desired.arrivals().size() < options.services()) {
            TimeUnit.MILLISECONDS.sleep(200);
            if (seconds(began) > READY_WITHIN.toSeconds()) {
                throw new IllegalStateException("only %d of %d Services have a desired state after %d s"
                        .formatted(desired.arrivals().size(), options.services(), READY_WITHIN.toSeconds()));
            }
        }
        tally.awaitQuiet(QUIET);
        long last = desired.arrivals().values().stream()
                .mapToLong(Long::longValue)
                .max()
                .orElse(began);
        double took = (last - began) / 1e9;
        row("start to the last desired record", "%.1f s".formatted(took));
        row("records", "%d, %.0f in a second".formatted(tally.records(), tally.records() / took));
        for (var topic : TOPICS.subList(1, TOPICS.size())) {
            var count = tally.of(topic);
            row(
                    "  " + topic.name(),
                    "%d records, %d bytes each, %d bytes per Service"
                            .formatted(
                                    count.records(),
                                    count.records() == 0 ? 0 : count.bytes() / count.records(),
                                    count.bytes() / options.services()));
        }
    }

    private void change(LoadedCluster cluster, TopicTally tally) throws InterruptedException {
        var desired = tally.of(Topics.DESIRED_LOAD_BALANCERS).arrivals();
        var random = new Random(options.seed());
        var millis = new double[options.changes()];
        long before = tally.records();
        for (int i = 0; i < millis.length; i++) {
            int service = random.nextInt(options.services());
            var key = CLUSTER + "/" + cluster.service(service);
            long changed = System.nanoTime();
            cluster.moveEndpoint(service);
            long arrived = Long.MIN_VALUE;
            while (arrived < changed) {
                if (seconds(changed) > CHANGE_WITHIN.toSeconds()) {
                    throw new IllegalStateException("no desired record followed a change of " + key);
                }
                TimeUnit.MICROSECONDS.sleep(200);
                arrived = desired.getOrDefault(key, Long.MIN_VALUE);
            }
            millis[i] = (arrived - changed) / 1e6;
        }
        Arrays.sort(millis);
        row(
                "endpoint change to desired record",
                "p50 %.0f ms, p99 %.0f ms, max %.0f ms; %.1f records each"
                        .formatted(
                                millis[millis.length / 2],
                                millis[(int) Math.ceil(millis.length * 0.99) - 1],
                                millis[millis.length - 1],
                                (tally.records() - before) / (double) millis.length));
    }

    private void restart(TopicTally tally, ChildProcess watcher, ChildProcess translator, int port)
            throws InterruptedException {
        tally.awaitQuiet(QUIET);
        long records = tally.records();
        long clusters = tally.of(Topics.CLUSTERS).records();
        long began = System.nanoTime();
        watcher.restart();
        translator.restart();
        watcher.awaitReady(READY_WITHIN);
        translator.awaitReady(READY_WITHIN);
        row("restart of both until ready", "%.1f s".formatted(seconds(began)));
        try (var ofWatcher = new Gauges(watcher, port)) {
            var list = "watcher_service_call_duration_seconds_%s{call=\"list\"";
            while (ofWatcher.sum(list.formatted("count")) < 2) {
                TimeUnit.MILLISECONDS.sleep(500);
            }
            tally.awaitQuiet(QUIET);
            row(
                    "unchanged relist of everything",
                    "%.1f s".formatted(ofWatcher.sum(list.formatted("sum")) / ofWatcher.sum(list.formatted("count"))));
            row("  peak heap while relisting", megabytes(ofWatcher.peakHeap()));
        }
        long ofClusters = tally.of(Topics.CLUSTERS).records() - clusters;
        row(
                "records by restart and relists",
                "%d, and %d of the cluster itself".formatted(tally.records() - records - ofClusters, ofClusters));
    }

    private void memory(String name, Gauges gauges) {
        row(
                name,
                "peak heap %s, resident %s".formatted(megabytes(gauges.peakHeap()), megabytes(gauges.peakResident())));
    }

    // --- processes

    private ChildProcess broker(int port) {
        return ChildProcess.start(
                "kafka",
                512,
                List.of(
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.ballast.testbed.kafka.EmbeddedBrokerMain",
                        "--port",
                        Integer.toString(port),
                        "--dir",
                        folder.resolve("kafka").toString()),
                folder,
                URI.create("tcp://127.0.0.1:" + port));
    }

    private ChildProcess service(String name, int port) {
        return ChildProcess.start(
                name,
                options.heapMegabytes(),
                List.of(
                        "-jar",
                        root.resolve("%s-service/target/%s-service.jar".formatted(name, name))
                                .toString(),
                        "--config",
                        folder.resolve(name + ".yaml").toString()),
                folder,
                URI.create("http://127.0.0.1:" + port + "/readyz"));
    }

    private void configure(KafkaSettings kafka, int port, String compareEvery) throws IOException {
        var common = """
                kafka: {bootstrap-servers: "%s", replication-factor: 1}
                http: {host: 127.0.0.1, port: %d}
                """;
        Files.writeString(
                folder.resolve("watcher.yaml"),
                common.formatted(kafka.bootstrapServers(), port)
                        + """
                        cluster: %s
                        kubernetes: {kubeconfig: "%s"}
                        finalizers: %s
                        compare-every: %s
                        """.formatted(CLUSTER, folder.resolve("kubeconfig"), options.finalizers(), compareEvery));
        Files.writeString(
                folder.resolve("translator.yaml"),
                common.formatted(kafka.bootstrapServers(), port + 1) + """
                        clusters:
                          %s: {pod-ranges: ["10.1.0.0/16"]}
                        """.formatted(CLUSTER));
    }

    private static void stop(@Nullable ChildProcess... processes) {
        for (var process : processes) {
            if (process != null && process.isAlive()) {
                process.stop(STOP_WITHIN);
            }
        }
    }

    // --- words

    private void row(String what, String value) {
        say.accept("%-36s %s".formatted(what, value));
    }

    private static String megabytes(double bytes) {
        return "%.0f MiB".formatted(bytes / (1 << 20));
    }

    private static double seconds(long beganNanos) {
        return (System.nanoTime() - beganNanos) / 1e9;
    }
}
