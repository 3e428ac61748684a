package io.ballast.testbed.stack;

import io.ballast.runtime.process.Parent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One part of the stack in a JVM of its own, on the JDK that runs us. Its output goes to a file; it ends when we do, even by SIGKILL. */
public final class ChildProcess {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private final String name;
    private final List<String> command;
    private final Path log;
    private final URI ready;
    private Process process;

    private ChildProcess(String name, List<String> command, Path log, URI ready) {
        this.name = name;
        this.command = command;
        this.log = log;
        this.ready = ready;
        this.process = launch();
    }

    /**
     * Starts a JVM.
     *
     * @param heapMegabytes its largest heap
     * @param program class path and main class, or {@code -jar} and a file, and the arguments
     * @param ready answers when the part is ready, with a status below 400 if it is HTTP
     */
    public static ChildProcess start(String name, int heapMegabytes, List<String> program, Path folder, URI ready) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-D%s=%d".formatted(Parent.PROPERTY, ProcessHandle.current().pid()),
                "-Xmx" + heapMegabytes + "m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED"));
        command.addAll(program);
        return new ChildProcess(name, command, folder.resolve(name + ".log"), ready);
    }

    public String name() {
        return name;
    }

    public Path log() {
        return log;
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** How it ended; throws {@link IllegalThreadStateException} while it runs. */
    public int exitCode() {
        return process.exitValue();
    }

    public long pid() {
        return process.pid();
    }

    /** Kills it at once, as {@code kill -9} does. */
    public void kill() {
        process.destroyForcibly();
        await(Duration.ofSeconds(10));
    }

    /** Starts it again after it ended. */
    public void restart() {
        if (process.isAlive()) {
            throw new IllegalStateException(name + " still runs");
        }
        process = launch();
    }

    /** Asks it to end, and kills it when it does not within the time. */
    public void stop(Duration within) {
        process.destroy();
        if (!await(within)) {
            kill();
        }
    }

    void askToStop() {
        process.destroy();
    }

    /** Waits until it says that it is ready. Throws {@link IllegalStateException} with the end of its log when it does not. */
    public void awaitReady(Duration within) {
        var end = Instant.now().plus(within);
        var last = "it never answered";
        while (Instant.now().isBefore(end)) {
            if (!process.isAlive()) {
                throw new IllegalStateException(
                        "%s ended with exit code %d:%n%s".formatted(name, process.exitValue(), tail()));
            }
            try {
                last = ask();
                if (last.isEmpty()) {
                    return;
                }
            } catch (IOException e) {
                last = String.valueOf(e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for " + name, e);
            }
            pause();
        }
        throw new IllegalStateException(
                "%s is not ready after %d s (%s):%n%s".formatted(name, within.toSeconds(), last, tail()));
    }

    /** What is still missing; empty when it is ready. A {@code tcp} address is ready when it accepts a connection. */
    private String ask() throws IOException, InterruptedException {
        if (ready.getScheme().equals("tcp")) {
            try (var socket = new Socket(ready.getHost(), ready.getPort())) {
                return socket.isConnected() ? "" : "not connected";
            }
        }
        var reply = HTTP.send(
                HttpRequest.newBuilder(ready).timeout(Duration.ofSeconds(5)).build(),
                HttpResponse.BodyHandlers.ofString());
        return reply.statusCode() < 400
                ? ""
                : reply.statusCode() + " " + reply.body().strip();
    }

    private void pause() {
        try {
            process.waitFor(100, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean await(Duration within) {
        try {
            return process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private String tail() {
        try {
            var lines = Files.readAllLines(log);
            return String.join(System.lineSeparator(), lines.subList(Math.max(0, lines.size() - 15), lines.size()));
        } catch (IOException e) {
            return "(no log: " + e.getMessage() + ")";
        }
    }

    private Process launch() {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + name, e);
        }
    }
}
