package io.ballast.testbed.bench;

import io.ballast.testbed.stack.ChildProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Memory of one service process: what its metrics say while it runs, and what the kernel says. */
final class Gauges implements AutoCloseable {
    private static final Duration EVERY = Duration.ofMillis(500);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private final ChildProcess process;
    private final URI metrics;
    private final Thread thread;
    private volatile double peakHeap;
    private volatile boolean closed;

    Gauges(ChildProcess process, int port) {
        this.process = process;
        this.metrics = URI.create("http://127.0.0.1:" + port + "/metrics");
        this.thread = Thread.ofPlatform().name("gauges").daemon().start(this::run);
    }

    /** The most heap that was in use when it was looked at, every half second; bytes. */
    double peakHeap() {
        return peakHeap;
    }

    /** The most memory that the process had resident; bytes. Source: VmHWM of proc(5). */
    double peakResident() {
        try {
            return Files.readAllLines(Path.of("/proc/%d/status".formatted(process.pid()))).stream()
                            .filter(line -> line.startsWith("VmHWM:"))
                            .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")))
                            .sum()
                    * 1024;
        } catch (IOException e) {
            throw new UncheckedIOException("no status of " + process.name(), e);
        }
    }

    /** Calls to OpenStack since the process started, by method, resource and what was answered. */
    Map<String, Long> calls() {
        var calls = new TreeMap<String, Long>();
        lines("octavia_service_call_duration_seconds_count{").forEach(line -> {
            var code = label(line, "code");
            var kind = "%s %s%s"
                    .formatted(
                            label(line, "method").toUpperCase(Locale.ROOT),
                            label(line, "resource"),
                            code.startsWith("2") ? "" : " " + code);
            calls.merge(kind, (long) value(line), Long::sum);
        });
        return calls;
    }

    private static String label(String line, String name) {
        int start = line.indexOf(name + "=\"") + name.length() + 2;
        return line.substring(start, line.indexOf('"', start));
    }

    private static double value(String line) {
        return Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
    }

    /** Sum of all samples whose line starts so; 0 when there are none or it does not answer. */
    double sum(String start) {
        return lines(start).stream().mapToDouble(Gauges::value).sum();
    }

    private List<String> lines(String start) {
        try {
            var request = HttpRequest.newBuilder(metrics)
                    .timeout(Duration.ofSeconds(10))
                    .build();
            return HTTP.send(request, BodyHandlers.ofString())
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(start))
                    .toList();
        } catch (IOException _) {
            return List.of();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }

    private void run() {
        try {
            while (!closed) {
                peakHeap = Math.max(peakHeap, sum("jvm_memory_used_bytes{area=\"heap\""));
                TimeUnit.MILLISECONDS.sleep(EVERY.toMillis());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
