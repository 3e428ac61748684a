package io.ballast.testbed.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ballast.testbed.kubernetes.Kubectl;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A person who has kubectl: asks for Services and Deployments in namespace default, labelled {@code test}, and looks at them. */
record KubectlUser(Kubectl kubectl) {
    void deploy(String name, int replicas) {
        kubectl.apply("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: %1$s, labels: {test: features}}
                spec:
                  replicas: %2$d
                  selector: {matchLabels: {app: %1$s}}
                  template:
                    metadata:
                      labels: {app: %1$s, test: features}
                      annotations: {testbed.ballast.io/drains: "true"}
                    spec:
                      terminationGracePeriodSeconds: 600
                      containers: [{name: web, image: 'web:1', ports: [{containerPort: 8080}]}]
                """.formatted(name, replicas));
        kubectl.run("rollout", "status", "deploy/" + name, "--timeout=60s");
    }

    void serve(String name, String type, String annotations) {
        kubectl.apply(service(name, type, annotations, ""));
        awaitProgrammed(name, true);
    }

    static String service(String name, String type, String annotations, String spec) {
        return """
                apiVersion: v1
                kind: Service
                metadata: {name: %1$s, labels: {test: features}, annotations: {%3$s}}
                spec:
                  type: %2$s
                  selector: {app: %1$s}
                  ports: [{port: 80, targetPort: 8080}]
                  %4$s
                """.formatted(name, type, annotations, spec);
    }

    static String[] patch(String name, String patch) {
        return new String[] {"patch", "svc", name, "--type=merge", "-p", patch};
    }

    void sourceRanges(String name, String ranges) {
        kubectl.run(patch(name, "{\"spec\":{\"loadBalancerSourceRanges\":" + ranges + "}}"));
    }

    /** Ends what still drains. */
    void endPods(String app) {
        kubectl.run("delete", "pods", "-l", "app=" + app, "--grace-period=0", "--force", "--wait=false");
    }

    void awaitProgrammed(String name, boolean wanted) {
        assertThat(kubectl.run(
                        "wait",
                        "--for=condition=ballast.io/Programmed=" + (wanted ? "True" : "False"),
                        "svc/" + name,
                        "--timeout=60s"))
                .contains("condition met");
    }

    JsonNode condition(String name) {
        return stream(kubectl.get("svc", name).at("/status/conditions"))
                .filter(each -> each.path("type").asText().equals("ballast.io/Programmed"))
                .findFirst()
                .orElseThrow();
    }

    List<String> ingress(String name) {
        return stream(kubectl.get("svc", name).at("/status/loadBalancer/ingress"))
                .map(each -> each.path("ip").asText())
                .toList();
    }

    List<String> vips(String name) {
        return stream(kubectl.get("svc", name).at("/spec/clusterIPs"))
                .map(JsonNode::asText)
                .toList();
    }

    /** Of each pod its IPv4 address, and whether it terminates. */
    Map<String, Boolean> pods(String app) {
        var pods = new TreeMap<String, Boolean>();
        kubectl.get("pods", "-l", "app=" + app)
                .path("items")
                .forEach(pod -> pods.put(
                        pod.at("/status/podIP").asText(), pod.path("metadata").has("deletionTimestamp")));
        return pods;
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
