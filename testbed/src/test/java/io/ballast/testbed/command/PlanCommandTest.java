package io.ballast.testbed.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.ballast.ipam.IpamServiceConfig;
import io.ballast.runtime.config.ConfigReader;
import io.ballast.translator.TranslatorServiceConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class PlanCommandTest {
    private static final Path DOCS =
            Path.of(System.getProperty("ballast.root", "..")).resolve("docs");
    private static final Pattern SESSION = Pattern.compile("```text\n\\$ \\./ballast plan (.*)\n((?s:.*?))```");

    /** What a run printed. */
    private record Printed(int exitCode, String out, String err) {}

    @ParameterizedTest
    @MethodSource("sessions")
    void printsWhatTheDocumentationShows(String arguments, String shown) {
        assertThat(run(arguments).out().stripTrailing()).isEqualTo(shown.stripTrailing());
    }

    static Stream<Arguments> sessions() throws IOException {
        var pages = Files.readString(DOCS.resolve("reference/plan.md"))
                + Files.readString(DOCS.resolve("how-to/lay-out-the-network.md"));
        var found = SESSION.matcher(pages)
                .results()
                .map(each -> Arguments.of(each.group(1), each.group(2)))
                .toList();
        assertThat(found).hasSizeGreaterThanOrEqualTo(3);
        return found.stream();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--cidr 10.2.0.0/16 --external public",
                "--cidr 10.0.0.0/16 --shared-subnet --external 198.51.100.0/28",
                "--ipv6 fd10:0:0:2::/112 --external 2001:db8::10-2001:db8::1f --provider ovn",
                "--cidr 10.2.0.0/16 --ipv6 fd10:0:0:2::/112 --external public",
            })
    void theConfigurationItPrintsIsAccepted(String arguments) throws IOException {
        // Given
        var document = yaml(arguments);
        // When
        var ipam = ConfigReader.of(text(document.path("ipam-service.yaml")), Map.of())
                .whole(read -> IpamServiceConfig.from(read, Map.of()));
        var translator = ConfigReader.of(text(document.path("translator-service.yaml")), Map.of())
                .whole(TranslatorServiceConfig::from);
        // Then
        assertThat(ipam.rules().vipPools()).hasSize(document.path("families").size());
        assertThat(ipam.rules().externals()).hasSize(1);
        assertThat(translator).isNotNull();
    }

    @Test
    void theCommandsAreTheSameInEveryFormat() throws IOException {
        var commands = run("--cidr 10.2.0.0/16 --format commands")
                .out()
                .lines()
                .skip(1)
                .toList();
        var document = yaml("--cidr 10.2.0.0/16");

        assertThat(commands).hasSize(13).allMatch(line -> line.startsWith("openstack "));
        assertThat(document.path("commands").valueStream().map(JsonNode::asText))
                .containsExactlyElementsOf(commands);
        assertThat(run("--cidr 10.2.0.0/16").out().lines().map(String::strip)).containsAll(commands);
    }

    @Test
    void aRefusalIsWrongUsage() {
        var refused = run("--cidr 10.2.0.5/16");

        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err())
                .startsWith("--cidr 10.2.0.5/16 has bits set after its prefix: the network is 10.2.0.0/16");
    }

    @Test
    void quotesWhatAShellWouldReadOtherwise() {
        assertThat(run("--cidr 10.2.0.0/16 --format commands --external my;net'work")
                        .out())
                .contains("openstack router set --external-gateway 'my;net'\\''work' k8s-router");
    }

    private static JsonNode yaml(String arguments) throws IOException {
        return new YAMLMapper().readTree(run(arguments + " --format yaml").out());
    }

    private static String text(JsonNode node) throws IOException {
        return new YAMLMapper().writeValueAsString(node);
    }

    private static Printed run(String arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int exitCode = new CommandLine(new PlanCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments.split(" ", -1));
        return new Printed(exitCode, out.toString(), err.toString());
    }
}
