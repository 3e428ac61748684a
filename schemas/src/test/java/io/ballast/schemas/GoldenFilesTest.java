package io.ballast.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.ballast.schemas.Samples.Filling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Bytes written by each released version, kept for ever: {@code golden/<version>/<Type>.bin} with the same value as JSON
 * beside it. Those of the current version are also what it writes today.
 */
class GoldenFilesTest {
    static final String CURRENT = "0.1.0";
    private static final Path GOLDEN = Repository.TEST_RESOURCES.resolve("golden");
    private static final Path RELEASED = Repository.TEST_RESOURCES.resolve("released");
    private static final ObjectMapper JSON = new ObjectMapper();

    static List<Class<?>> records() {
        return Samples.topLevel();
    }

    static List<Path> versions() throws IOException {
        try (var folders = Files.list(GOLDEN)) {
            return folders.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("records")
    void writesTodayWhatTheGoldenFileHolds(Class<?> type) throws IOException {
        var bytes = Encoding.encode(Samples.topicOf(type), (Record) Samples.of(type, Filling.FULL));
        var folder = GOLDEN.resolve(CURRENT);

        Repository.assertGenerated(folder.resolve(type.getSimpleName() + ".bin"), bytes);

        var json = JSON.writerWithDefaultPrettyPrinter()
                        .writeValueAsString(Encoding.toJson(bytes, new KnownSchemas()))
                        .replace("\r\n", "\n")
                + "\n";
        Repository.assertGenerated(folder.resolve(type.getSimpleName() + ".json"), json.getBytes(UTF_8));
    }

    @ParameterizedTest
    @MethodSource("records")
    void keepsTheSchemasOfTheCurrentVersionAmongTheReleased(Class<?> type) {
        var file = type.getSimpleName() + ".avsc";
        var schema = Repository.text(
                Repository.ROOT.resolve("schemas/src/main/resources/avro").resolve(file));

        Repository.assertGenerated(RELEASED.resolve(CURRENT).resolve(file), schema.getBytes(UTF_8));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void readsTheGoldenFilesOfEveryReleasedVersion(Path version) throws IOException {
        var schemas = new KnownSchemas();
        schemasOf(version.getFileName().toString()).forEach(schemas::learn);

        for (var file : filesOf(version, ".bin")) {
            var name = file.getFileName().toString().replace(".bin", "");
            var type = records().stream()
                    .filter(candidate -> candidate.getSimpleName().equals(name))
                    .findFirst();
            var bytes = Files.readAllBytes(file);

            assertThat(type)
                    .as("a released record is never taken away: " + name)
                    .isPresent();
            assertThat(Encoding.decode(Samples.topicOf(type.orElseThrow()), bytes, schemas))
                    .isInstanceOf(type.orElseThrow());
            assertThat(Encoding.toJson(bytes, schemas))
                    .isEqualTo(JSON.readTree(version.resolve(name + ".json").toFile()));
        }
    }

    @Test
    void hasSchemasForEveryVersionWithGoldenFiles() throws IOException {
        for (var version : versions()) {
            assertThat(schemasOf(version.getFileName().toString()))
                    .hasSameSizeAs(filesOf(version, ".bin"))
                    .isNotEmpty();
        }
    }

    static List<String> schemasOf(String version) throws IOException {
        return filesOf(RELEASED.resolve(version), ".avsc").stream()
                .map(Repository::text)
                .toList();
    }

    private static List<Path> filesOf(Path folder, String suffix) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }
}
