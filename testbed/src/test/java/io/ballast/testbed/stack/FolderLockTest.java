package io.ballast.testbed.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.ballast.testbed.command.Ballast;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two stacks in one folder would empty it under each other: the second is refused before it touches anything. */
class FolderLockTest {
    @TempDir
    private Path temporary = Path.of("");

    @Test
    void isRefusedToASecondStackOfThisProcess() {
        var folder = temporary.resolve("demo");

        try (var _ = FolderLock.take(folder)) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> FolderLock.take(folder.resolve("..").resolve("demo")))
                    .withMessageContaining(Long.toString(ProcessHandle.current().pid()))
                    .withMessageContaining("--folder");
            assertThatIllegalStateException().isThrownBy(() -> FolderLock.take(folder));
        }
        FolderLock.take(folder).close();
    }

    @Test
    void endsWithItsProcessEvenIfThatIsKilled() throws IOException, InterruptedException {
        // Given
        var folder = temporary.resolve("demo");
        var holder = java(FolderHolder.class, folder.toString());
        try {
            assertThat(holder.inputReader().lines().anyMatch(line -> line.startsWith("took")))
                    .isTrue(); // a JVM may speak first
            assertThatIllegalStateException()
                    .isThrownBy(() -> FolderLock.take(folder))
                    .withMessageContaining("a stack of process " + holder.pid() + " runs in " + folder.toRealPath())
                    .withMessageContaining("--folder");

            // When
            holder.destroyForcibly().waitFor();

            // Then
            FolderLock.take(folder).close();
        } finally {
            holder.destroyForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"up", "demo"})
    void keepsTheCommandsFromTouchingTheFolderOfARunningStack(String command) throws IOException, InterruptedException {
        // Given
        var folder = temporary.resolve("shared");
        try (var _ = FolderLock.take(folder)) {
            Files.writeString(folder.resolve("stack.properties"), "bootstrap=127.0.0.1:1");
            Files.createDirectories(folder.resolve("kafka"));

            // When
            var second = java(Ballast.class, command, "--folder", folder.toString());
            var said = new String(second.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            // Then
            assertThat(second.waitFor()).isEqualTo(1);
            assertThat(said)
                    .contains(
                            "a stack of process " + ProcessHandle.current().pid() + " runs in " + folder.toRealPath());
            assertThat(folder.resolve("stack.properties")).hasContent("bootstrap=127.0.0.1:1");
            assertThat(folder.resolve("kafka")).isDirectory();
        }
    }

    @Test
    void refusesAFolderWithFilesThatNoStackWrote() throws IOException {
        var notes = Files.writeString(temporary.resolve("notes.txt"), "mine");

        assertThatIllegalStateException()
                .isThrownBy(() -> FolderLock.take(temporary))
                .withMessageContaining("notes.txt")
                .withMessageContaining("--folder");

        assertThat(temporary).isDirectoryContaining(notes::equals);
        assertThat(temporary.resolve(FolderLock.FILE)).doesNotExist();
    }

    @Test
    void takesAFolderOfAStackThatEnded() throws IOException {
        Files.writeString(temporary.resolve("watcher.yaml"), "cluster: main");

        FolderLock.take(temporary).close();
        FolderLock.take(temporary).close();

        assertThat(temporary.resolve("watcher.yaml")).exists();
    }

    private static Process java(Class<?> main, String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}
