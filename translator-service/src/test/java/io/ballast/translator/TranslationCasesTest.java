package io.ballast.translator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.ballast.runtime.config.ConfigReader;
import io.ballast.schemas.contract.DesiredLoadBalancer;
import io.ballast.schemas.contract.DesiredState;
import io.ballast.schemas.contract.EndpointSliceSnapshot;
import io.ballast.schemas.contract.NodeSnapshot;
import io.ballast.schemas.contract.ServiceKey;
import io.ballast.schemas.contract.ServiceSnapshot;
import io.ballast.translator.translation.ClusterSettings;
import io.ballast.translator.translation.Decision;
import io.ballast.translator.translation.Translated;
import io.ballast.translator.translation.Translation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each directory of {@code cases} is one: Kubernetes objects as users know them, the configuration where it is not the
 * default, and what they translate to; {@code before-*} is what was there a moment ago. Where there is an
 * {@code in-before-service.yaml} or {@code in-before-config.yaml}, it is what is decided about the load balancer that was
 * there before. {@code -Dballast.cases.write=true} writes the results anew, to be read as a diff.
 */
class TranslationCasesTest {
    private static final Path CASES = Path.of("src/test/resources/cases");
    private static final YAMLMapper YAML = new YAMLMapper(YAMLFactory.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .build());
    private static final JsonMapper TREE = JsonMapper.builder()
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .build();

    /** Shown only when they say something. */
    private static final Set<String> QUIET = Set.of(
            "tags",
            "insertHeaders",
            "sniContainerRefs",
            "backup",
            "unsupported",
            "memberSubnets",
            "keep",
            "frontUnknown",
            "recreate",
            "abandoned");

    static Stream<String> cases() throws IOException {
        try (var directories = Files.list(CASES)) {
            return directories.map(path -> path.getFileName().toString()).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void translates(String name) throws IOException {
        // Given
        var unread = files(name);
        var settings = settings(name, "in-config.yaml", unread);
        var namespace = unread.contains("in-namespace.yaml")
                ? read(name, "in-namespace.yaml", unread)
                : MissingNode.getInstance();
        var before = unread.contains("before-service.yaml") ? before(name, settings, unread) : null;
        var input = input(name, "in", namespace, unread);

        // When
        var translated = input.translate(settings, before);

        // Then
        var shown = shown(translated);
        if (unread.contains("in-before-service.yaml") || unread.contains("in-before-config.yaml")) {
            shown = shown(changed(name, input, namespace, settings, unread));
        }
        if (Boolean.getBoolean("ballast.cases.write")) {
            Files.writeString(CASES.resolve(name).resolve("out-load-balancer.yaml"), YAML.writeValueAsString(shown));
        } else {
            assertThat(YAML.writeValueAsString(shown))
                    .isEqualTo(YAML.writeValueAsString(read(name, "out-load-balancer.yaml", unread)));
        }
        unread.remove("out-load-balancer.yaml");
        assertThat(unread).as("files that nothing reads").isEmpty();

        Collections.reverse(input.slices);
        assertThat(input.translate(settings, before))
                .as("the order of slices does not matter")
                .isEqualTo(translated);
    }

    /** What is decided when the Service, or the configuration, was another one before. */
    private static Decision changed(
            String name, Input input, JsonNode namespace, ClusterSettings settings, Set<String> unread)
            throws IOException {
        var earlier = unread.contains("in-before-service.yaml")
                ? KubernetesYaml.service(read(name, "in-before-service.yaml", unread), namespace)
                : input.service;
        var as = unread.contains("in-before-config.yaml") ? settings(name, "in-before-config.yaml", unread) : settings;
        var live =
                KeyStates.live(earlier, Translation.translate(input.key, earlier, input.slices, input.nodes, as, null));
        return KeyStates.changed(live, input.service, input.translate(settings, live.desired()));
    }

    /** The objects of one moment. */
    private record Input(
            ServiceKey key,
            ServiceSnapshot service,
            List<EndpointSliceSnapshot> slices,
            Map<String, NodeSnapshot> nodes) {
        Translated translate(ClusterSettings settings, @Nullable DesiredLoadBalancer before) {
            return Translation.translate(key, service, slices, nodes, settings, before);
        }
    }

    private static Input input(String name, String moment, JsonNode namespace, Set<String> unread) {
        var service = read(name, moment + "-service.yaml", unread);
        var slices = new ArrayList<EndpointSliceSnapshot>();
        for (var file : matching(unread, moment + "-endpointslice-")) {
            slices.add(KubernetesYaml.slice(read(name, file, unread)));
        }
        var nodes = new TreeMap<String, NodeSnapshot>();
        for (var file : matching(unread, moment + "-node-")) {
            var node = read(name, file, unread);
            nodes.put(node.path("metadata").path("name").asText(), KubernetesYaml.node(node));
        }
        return new Input(KubernetesYaml.key(service), KubernetesYaml.service(service, namespace), slices, nodes);
    }

    /** What was desired when the {@code before-*.yaml} were there. */
    private static DesiredLoadBalancer before(String name, ClusterSettings settings, Set<String> unread) {
        var input = input(name, "before", MissingNode.getInstance(), unread);
        var served = (Translated.Served) input.translate(settings, null);
        return new DesiredLoadBalancer(
                DesiredState.PRESENT,
                KubernetesYaml.CLUSTER_UID,
                input.service.uid(),
                "1",
                1,
                1,
                null,
                "",
                Objects.requireNonNull(input.service.service()).type(),
                !served.wanted().externals().isEmpty(),
                served.wanted().unsupported(),
                served.wanted().bodies());
    }

    @Test
    void thereAreCases() throws IOException {
        assertThat(cases().count()).isGreaterThanOrEqualTo(25);
    }

    private static ClusterSettings settings(String name, String file, Set<String> unread) throws IOException {
        if (!unread.remove(file)) {
            return ClusterSettings.DEFAULT;
        }
        var text = Files.readString(CASES.resolve(name).resolve(file));
        var config = ConfigReader.of(text, Map.of()).whole(TranslatorServiceConfig::from);
        return Objects.requireNonNull(config.clusters().get("demo"), "the cluster of the cases is demo");
    }

    private static Set<String> files(String name) throws IOException {
        try (var files = Files.list(CASES.resolve(name))) {
            var names = new TreeSet<String>();
            files.forEach(file -> names.add(file.getFileName().toString()));
            return names;
        }
    }

    private static List<String> matching(Set<String> files, String prefix) {
        return files.stream().filter(file -> file.startsWith(prefix)).toList();
    }

    private static JsonNode read(String name, String file, Set<String> unread) {
        unread.remove(file);
        try {
            return YAML.readTree(CASES.resolve(name).resolve(file).toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectNode shown(Translated translated) {
        var shown = TREE.createObjectNode();
        shown.put("result", translated.getClass().getSimpleName());
        shown.setAll((ObjectNode) TREE.valueToTree(translated));
        quieten(shown);
        return shown;
    }

    /** What is decided about a load balancer that is there; stamps are left out. */
    private static ObjectNode shown(Decision decision) {
        var shown = TREE.createObjectNode();
        shown.set("desired", shown(decision.desired()));
        shown.set("claim", shown(decision.claim()));
        quieten(shown);
        return shown;
    }

    private static JsonNode shown(Decision.Write<?> write) {
        return switch (write) {
            case Decision.Write.Keep<?> _ -> TREE.getNodeFactory().textNode("as it was");
            case Decision.Write.End<?> _ -> TREE.getNodeFactory().textNode("ended");
            case Decision.Write.Put<?> put -> {
                ObjectNode tree = TREE.valueToTree(put.value());
                tree.remove(List.of("clusterUid", "serviceUid", "serviceResourceVersion"));
                yield tree;
            }
        };
    }

    private static void quieten(JsonNode node) {
        if (node instanceof ObjectNode object) {
            QUIET.forEach(name -> {
                var value = object.path(name);
                if ((value.isContainerNode() && value.isEmpty()) || (value.isBoolean() && !value.booleanValue())) {
                    object.remove(name);
                }
            });
        }
        node.forEach(TranslationCasesTest::quieten);
    }
}
