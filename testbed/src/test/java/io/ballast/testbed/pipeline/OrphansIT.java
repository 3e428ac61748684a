package io.ballast.testbed.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ballast.testbed.command.Ballast;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stack whose starter is killed leaves no process behind. */
class OrphansIT {
    private static final int PARTS = 7;

    @TempDir
    private Path folder = Path.of("");

    @Test
    void endWithTheProcessThatStartedThem() throws IOException {
        // Given
        var up = up();
        try {
            await().atMost(Duration.ofSeconds(90))
                    .until(() -> !up.isAlive() || up.children().count() == PARTS);
            var parts = up.children().toList();
            assertThat(parts).hasSize(PARTS);

            // When
            up.destroyForcibly();

            // Then
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(parts).noneMatch(ProcessHandle::isAlive));
        } finally {
            up.children().forEach(ProcessHandle::destroyForcibly);
            up.destroyForcibly();
        }
    }

    private Process up() throws IOException {
        var command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dballast.root=" + System.getProperty("ballast.root"),
                "-cp",
                System.getProperty("java.class.path"),
                Ballast.class.getName(),
                "up",
                "--folder",
                folder.resolve("up").toString());
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(new File(folder.resolve("up.log").toString()))
                .start();
    }
}
