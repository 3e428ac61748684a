package io.ballast.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Files of this repository that are generated. A test compares them with what the generator gives today; run with
 * {@code -Dballast.generate=true} it writes them instead.
 */
final class Repository {
    static final Path ROOT = Path.of(System.getProperty("ballast.root", "..")).toAbsolutePath();
    static final Path TEST_RESOURCES = ROOT.resolve("schemas/src/test/resources");
    static final boolean GENERATES = Boolean.getBoolean("ballast.generate");

    private Repository() {}

    static void assertGenerated(Path file, byte[] expected) {
        try {
            if (GENERATES) {
                Files.createDirectories(file.getParent());
                Files.write(file, expected);
            }
            assertThat(file).as("generate it with -Dballast.generate=true").exists();
            assertThat(Files.readAllBytes(file))
                    .as("%s is not what the code says; generate it with -Dballast.generate=true", file)
                    .isEqualTo(expected);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read or write " + file, e);
        }
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
