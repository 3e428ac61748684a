package io.ballast.testbed.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A model with a clock of its own and short ways to ask it; after each write the controllers have run. */
final class TestCluster {
    static final String SERVICES = "/api/v1/namespaces/default/services";
    static final String PODS = "/api/v1/namespaces/default/pods";
    static final String ENDPOINTS = "/api/v1/namespaces/default/endpoints";
    static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";
    static final String SLICES = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices";
    static final String MERGE = "application/merge-patch+json";
    static final String STRATEGIC = "application/strategic-merge-patch+json";
    private static final YAMLMapper YAML = new YAMLMapper();

    final KubernetesModel model;
    private Instant now = Instant.parse("2026-11-20T12:00:00Z");

    TestCluster(KubernetesSettings settings) {
        model = new KubernetesModel(settings, now);
    }

    static TestCluster ofDefaults() {
        return new TestCluster(KubernetesSettings.defaults());
    }

    static ObjectNode yaml(String text) {
        try {
            return (ObjectNode) YAML.readTree(text);
        } catch (JsonProcessingException broken) {
            throw new IllegalArgumentException(text, broken);
        }
    }

    /** A ClusterIP Service with port 80; further lines of its spec may follow, each indented by two. */
    static ObjectNode service(String name, String... spec) {
        return yaml("""
                apiVersion: v1
                kind: Service
                metadata: {name: %s}
                spec:
                  selector: {app: web}
                  ports: [{port: 80, targetPort: 8080}]
                """.formatted(name) + (spec.length == 0 ? "" : "  " + String.join("\n  ", spec)));
    }

    /** A Deployment whose pods carry {@code app: web} and a port {@code http}. */
    static ObjectNode deployment(String name, int replicas) {
        return yaml("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: %s}
                spec:
                  replicas: %d
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata: {labels: {app: web}}
                    spec:
                      containers: [{name: web, image: 'web:1', ports: [{name: http, containerPort: 8080}]}]
                """.formatted(name, replicas));
    }

    Instant now() {
        return now;
    }

    void pass(Duration time) {
        now = now.plus(time);
        model.advance(now);
    }

    ModelReply send(ModelRequest request) {
        var reply = model.handle(request, now);
        model.advance(now);
        return reply;
    }

    ModelReply post(String path, JsonNode body) {
        return send(ModelRequest.post(path, body));
    }

    JsonNode created(String path, JsonNode body) {
        var reply = post(path, body);
        if (reply.status() != 201) {
            throw new AssertionError(reply);
        }
        return reply.body();
    }

    ModelReply merge(String path, String patch) {
        return send(ModelRequest.patch(path, MERGE, yaml(patch)));
    }

    JsonNode get(String path) {
        var reply = send(ModelRequest.get(path));
        if (!reply.isSuccess()) {
            throw new AssertionError(reply);
        }
        return reply.body();
    }

    ModelReply query(String path, Map<String, String> query) {
        return send(ModelRequest.get(path).withQuery(query));
    }

    List<ObjectNode> items(String path) {
        return Json.objects(get(path).path("items"));
    }

    List<ObjectNode> slicesOf(String service) {
        return items(SLICES).stream()
                .filter(slice -> Meta.label(slice, SliceWriter.SERVICE_NAME).equals(service))
                .toList();
    }

    static String message(ModelReply reply) {
        return reply.status() + " " + reply.body().path("message").asText();
    }
}
