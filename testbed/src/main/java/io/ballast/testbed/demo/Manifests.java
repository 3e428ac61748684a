package io.ballast.testbed.demo;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Kubernetes objects of a story, in the order of their files. */
final class Manifests {
    private final KubernetesClient kubernetes;
    private final List<HasMetadata> items;

    private Manifests(KubernetesClient kubernetes, List<HasMetadata> items) {
        this.kubernetes = kubernetes;
        this.items = items;
    }

    /** Our own shop; {@code ${NAME}} stands for a value, and a line whose value is empty is left out. */
    static Manifests shop(KubernetesClient kubernetes, Map<String, String> values) {
        try (var stream = Objects.requireNonNull(Manifests.class.getResourceAsStream("/demo/shop.yaml"))) {
            var text = new StringBuilder();
            for (var line : new String(stream.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
                fill(line, values, text);
            }
            return parse(kubernetes, text.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Manifests files(KubernetesClient kubernetes, List<Path> files) {
        var items = new ArrayList<HasMetadata>();
        for (var file : files) {
            try {
                items.addAll(parse(kubernetes, Files.readString(file)).items);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + file, e);
            }
        }
        return new Manifests(kubernetes, items);
    }

    private static void fill(String line, Map<String, String> values, StringBuilder text) {
        var filled = line;
        for (var entry : values.entrySet()) {
            var name = "${" + entry.getKey() + "}";
            if (line.contains(name) && entry.getValue().isEmpty()) {
                return;
            }
            filled = filled.replace(name, entry.getValue());
        }
        text.append(filled).append('\n');
    }

    private static Manifests parse(KubernetesClient kubernetes, String text) {
        var stream = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        return new Manifests(kubernetes, new ArrayList<>(kubernetes.load(stream).items()));
    }

    int size() {
        return items.size();
    }

    /** Makes the namespaces that the objects name and nobody made; {@link #delete} deletes them too. */
    void addMissingNamespaces() {
        var given = items.stream()
                .filter(item -> item.getKind().equals("Namespace"))
                .map(item -> item.getMetadata().getName());
        var there = kubernetes.namespaces().list().getItems().stream()
                .map(namespace -> namespace.getMetadata().getName());
        var known = Stream.concat(given, there).collect(Collectors.toSet());
        var missing = items.stream()
                .map(item -> item.getMetadata().getNamespace())
                .filter(Objects::nonNull)
                .filter(name -> !known.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
        missing.forEach(name -> items.addFirst(new NamespaceBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .build()));
    }

    void apply() {
        items.forEach(item -> kubernetes
                .resource(item)
                .fieldManager("ballast-demo")
                .forceConflicts()
                .serverSideApply());
    }

    /** Deletes everything in the opposite order; what is gone already is fine. */
    void delete() {
        for (var item : items.reversed()) {
            try {
                kubernetes.resource(item).delete();
            } catch (KubernetesClientException e) {
                if (e.getCode() != 404) {
                    throw e;
                }
            }
        }
    }

    /** Deployments among them, as namespace/name. */
    List<HasMetadata> deployments() {
        return items.stream()
                .filter(item -> item.getKind().equals("Deployment"))
                .toList();
    }
}
