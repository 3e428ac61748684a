package io.ballast.testbed.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.ballast.testbed.kubernetes.Kubectl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A kustomization as {@code kubectl kustomize} renders it.
 *
 * @param objects its objects, in the order of kubectl
 */
record Rendered(List<JsonNode> objects) {
    static final Path ROOT = Path.of(System.getProperty("ballast.root", ".."));

    private static final YAMLMapper YAML = new YAMLMapper();

    /** Renders a folder; a machine without kubectl skips the test and says so. */
    static Rendered of(String folder) {
        assumeTrue(
                Kubectl.isInstalled(),
                "kubectl is not on this machine: the rendering of " + folder + " is not checked");
        try {
            var process = new ProcessBuilder(
                            "kubectl", "kustomize", ROOT.resolve(folder).toString())
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(text).isZero();
            try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(text)) {
                return new Rendered(documents.readAll());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("kubectl kustomize cannot be run", e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while kubectl renders", e);
        }
    }

    Stream<JsonNode> kind(String kind) {
        return objects.stream().filter(object -> object.path("kind").asText().equals(kind));
    }

    JsonNode one(String kind, String name) {
        return kind(kind)
                .filter(object -> object.at("/metadata/name").asText().equals(name))
                .findFirst()
                .orElseGet(MissingNode::getInstance);
    }
}
