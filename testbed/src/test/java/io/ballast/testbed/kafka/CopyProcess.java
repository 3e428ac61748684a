package io.ballast.testbed.kafka;

import io.ballast.runtime.kafka.KafkaSettings;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The copying service in a process of its own. */
final class CopyProcess implements AutoCloseable {
    private final Process process;
    private final Path output;

    private CopyProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    static CopyProcess start(KafkaSettings kafka, String writer, Path folder) {
        return start(
                List.of(
                        "writer: " + writer,
                        "kafka:",
                        "  bootstrap-servers: " + kafka.bootstrapServers(),
                        "  topic-prefix: " + kafka.topicPrefix(),
                        "  keyed-partitions: " + kafka.keyedPartitions(),
                        "http: {host: 127.0.0.1, port: 0}"),
                writer,
                folder);
    }

    static CopyProcess start(List<String> configuration, String name, Path folder) {
        try {
            var file = Files.write(folder.resolve(name + ".yaml"), configuration);
            var output = folder.resolve(name + ".log");
            var process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx128m",
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            CopyServiceMain.class.getName(),
                            "--config",
                            file.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(new File(output.toString()))
                    .start();
            return new CopyProcess(process, output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a signal by name, such as STOP. */
    void signal(String name) {
        try {
            var kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
            if (kill.waitFor() != 0) {
                throw new AssertionError("kill -%s %d failed".formatted(name, process.pid()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The exit code; fails when the process is still there after the time. */
    int awaitEnd(int seconds) {
        try {
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                throw new AssertionError("still runs after %d s: %s".formatted(seconds, output()));
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
