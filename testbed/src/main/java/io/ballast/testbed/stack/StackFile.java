package io.ballast.testbed.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/** Where {@code ballast up} writes what it runs, so that other commands find it. */
public final class StackFile {
    private final Path file;

    private StackFile(Path file) {
        this.file = file;
    }

    /** The folder below the root of the checkout in which stacks run. */
    public static Path folder(String name) {
        return Path.of(System.getProperty("ballast.root", "."), "target", "ballast-" + name);
    }

    /** The file of {@code ballast up}. */
    public static StackFile ofUp() {
        return in(folder("up"));
    }

    /** The file of a stack that runs in a folder of its own. */
    public static StackFile in(Path folder) {
        return new StackFile(folder.resolve("stack.properties"));
    }

    /** Kafka of the stack that runs now; empty when none does. */
    public Optional<String> bootstrap() {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        var properties = new Properties();
        try (var reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
        return Optional.ofNullable(properties.getProperty("pid"))
                .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)))
                .filter(ProcessHandle::isAlive)
                .map(ignored -> properties.getProperty("bootstrap"));
    }

    /** Says that this process runs a stack with that Kafka. */
    public void write(String bootstrap) {
        var properties = new Properties();
        properties.setProperty("pid", Long.toString(ProcessHandle.current().pid()));
        properties.setProperty("bootstrap", bootstrap);
        try (var writer = Files.newBufferedWriter(file)) {
            properties.store(writer, "written by ballast up");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** Says that nothing runs any more. */
    public void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + file, e);
        }
    }
}
