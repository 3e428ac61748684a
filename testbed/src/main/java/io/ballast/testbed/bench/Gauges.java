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

    /** Sum of all samples whose line starts so; 0 when there are none or it does not answer. */
    double sum(String start) {
        try {
            var request = HttpRequest.newBuilder(metrics)
                    .timeout(Duration.ofSeconds(10))
                    .build();
            return HTTP.send(request, BodyHandlers.ofString())
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(start))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        } catch (IOException _) {
            return 0;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return 0;
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
