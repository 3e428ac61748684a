package io.ballast.testbed.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.ballast.ipam.IpamServiceConfig;
import io.ballast.octavia.OctaviaServiceConfig;
import io.ballast.runtime.config.ConfigException;
import io.ballast.runtime.config.ConfigReader;
import io.ballast.runtime.http.HttpSettings;
import io.ballast.runtime.kafka.KafkaSettings;
import io.ballast.translator.TranslatorServiceConfig;
import io.ballast.watcher.WatcherServiceConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commented examples hold every key, and docs/reference/configuration.md says what they say. */
class ConfigurationPageTest {
    private static final Path ROOT = Path.of(System.getProperty("ballast.root", ".."));
    private static final Path PAGE = ROOT.resolve("docs/reference/configuration.md");
    private static final List<String> SERVICES = List.of("watcher", "translator", "ipam", "octavia");
    private static final String CLOUDS = "clouds: {k8s: {auth: {auth_url: 'https://keystone.example.org:5000/v3',"
            + " username: u, password: p, project_name: n, user_domain_name: d, project_domain_name: d}}}\n";

    @TempDir
    Path files = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {"watcher", "translator", "ipam", "octavia"})
    void theExampleIsAccepted(String service) throws IOException {
        var clouds = Files.writeString(files.resolve("clouds.yaml"), CLOUDS);
        var environment = service.equals("ipam") || service.equals("octavia")
                ? Map.of("BALLAST_OPENSTACK_CLOUDS_FILE", clouds.toString())
                : Map.<String, String>of();
        var read = ConfigReader.of(example(service), environment);

        assertThatCode(() -> read.whole(root -> from(service, root, environment)))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"watcher", "translator", "ipam", "octavia"})
    void theExampleHoldsEveryKeyThatTheServiceReads(String service) throws IOException {
        // Given
        var inFull = ExampleFile.inFull(example(service));
        var read = ConfigReader.of(inFull, Map.of());

        // When
        try {
            read.whole(root -> from(service, root, Map.of()));
        } catch (ConfigException e) { // keys that exclude each other, and files that are not there
            assertThat(e.problems()).noneMatch(problem -> problem.startsWith("unknown key"));
        }

        // Then
        var asked = new TreeSet<>(read.asked());
        asked.removeAll(leaves(new YAMLMapper().readTree(inFull), ""));
        assertThat(asked).as("keys that the example does not name").isEmpty();
    }

    @Test
    void thePageSaysWhatTheExamplesSay() throws IOException {
        var page = page();
        if (Boolean.getBoolean("ballast.generate")) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.readString(PAGE))
                .as("run this test with -Dballast.generate=true")
                .isEqualTo(page);
    }

    private static Object from(String service, ConfigReader root, Map<String, String> environment) {
        var kafka = KafkaSettings.from(root);
        HttpSettings.from(root);
        return switch (service) {
            case "watcher" -> WatcherServiceConfig.from(root);
            case "translator" -> TranslatorServiceConfig.from(root);
            case "ipam" -> IpamServiceConfig.from(root, environment);
            default -> OctaviaServiceConfig.from(root, environment, kafka.keyedPartitions());
        };
    }

    private static String example(String service) throws IOException {
        return Files.readString(
                ROOT.resolve("%s-service/src/main/resources/%s-service.yaml".formatted(service, service)));
    }

    /** Every key that holds a value, and every section: a section may be what is asked for. */
    private static SortedSet<String> leaves(JsonNode node, String prefix) {
        var leaves = new TreeSet<String>();
        node.properties().forEach(entry -> {
            leaves.add(prefix + entry.getKey());
            leaves.addAll(leaves(entry.getValue(), prefix + entry.getKey() + "."));
        });
        return leaves;
    }

    private static String page() throws IOException {
        var page = new StringBuilder("""
                # Configuration

                <!-- Generated from the examples: run ConfigurationPageTest with -Dballast.generate=true. -->

                One YAML file for each service, given by `--config FILE` or the variable `BALLAST_CONFIG`. The examples in
                `<service>-service/src/main/resources/<service>-service.yaml` hold every key; this page is made from them. Each key is also a
                variable of the environment, which comes first: `kafka.bootstrap-servers` is `BALLAST_KAFKA_BOOTSTRAP_SERVERS`. An unknown key
                stops the start, and so does a number without its unit. Durations: `250ms`, `30s`, `5m`, `2h`, `7d`.

                A value in *italics* is an example; any other one is the default. A dash: left out by default.
                """);
        for (var service : SERVICES) {
            page.append("\n## %s\n\n| key | value | what it is |\n| --- | --- | --- |\n".formatted(service));
            ExampleFile.rows(example(service)).forEach(row -> page.append(line(row)));
        }
        return page.toString();
    }

    private static String line(ExampleFile.Row row) {
        var isExample = row.sentences().stream().anyMatch(sentence -> sentence.startsWith("(example"));
        var value = row.value().isEmpty() ? "" : isExample ? "*`%s`*".formatted(row.value()) : "`" + row.value() + "`";
        var shown = row.isLeftOut() ? "—" + (row.value().isEmpty() ? "" : ", *`%s`*".formatted(row.value())) : value;
        return "| `%s` | %s | %s |\n"
                .formatted(row.path(), shown, String.join(" ", row.sentences()).replace("|", "\\|"));
    }
}
