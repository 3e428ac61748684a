package io.ballast.testbed.kubernetes;

import static io.ballast.testbed.kubernetes.TestCluster.DEPLOYMENTS;
import static io.ballast.testbed.kubernetes.TestCluster.SERVICES;
import static io.ballast.testbed.kubernetes.TestCluster.STRATEGIC;
import static io.ballast.testbed.kubernetes.TestCluster.deployment;
import static io.ballast.testbed.kubernetes.TestCluster.message;
import static io.ballast.testbed.kubernetes.TestCluster.service;
import static io.ballast.testbed.kubernetes.TestCluster.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PatchesTest {
    private final TestCluster cluster = TestCluster.ofDefaults();

    private ModelReply json(String path, String operations) {
        return cluster.send(ModelRequest.patch(
                path,
                "application/json-patch+json",
                yaml("{list: " + operations + "}").path("list")));
    }

    private ModelReply apply(String path, String manager, boolean force, ObjectNode configuration) {
        return cluster.send(ModelRequest.patch(path, "application/apply-patch+yaml", configuration)
                .withQuery(Map.of("fieldManager", manager, "force", Boolean.toString(force))));
    }

    @Test
    void followsJsonPatchOperations() {
        cluster.created(SERVICES, service("a"));

        var patched = json(SERVICES + "/a", """
                [{op: test, path: /spec/ports/0/port, value: 80},
                 {op: replace, path: /spec/ports/0/port, value: 81},
                 {op: add, path: /metadata/annotations, value: {a~b/c: x}},
                 {op: move, from: /metadata/annotations/a~0b~1c, path: /metadata/annotations/d},
                 {op: add, path: /metadata/finalizers, value: []},
                 {op: add, path: /metadata/finalizers/-, value: ballast.io/x}]""");

        assertThat(patched.body().at("/spec/ports/0/port").asInt()).isEqualTo(81);
        assertThat(Meta.annotation(patched.body(), "d")).isEqualTo("x");
        assertThat(Meta.finalizers(patched.body())).containsExactly("ballast.io/x");
        assertThat(json(SERVICES + "/a", "[{op: test, path: /spec/type, value: NodePort}]")
                        .status())
                .isEqualTo(422);
        assertThat(json(SERVICES + "/a", "[{op: remove, path: /spec/nothing}]").status())
                .isEqualTo(422);
    }

    @Test
    void mergesPortsStrategicallyByTheirNumber() {
        cluster.created(SERVICES, service("a", "ports: [{port: 80, name: http}, {port: 443, name: https}]"));

        var renamed = cluster.send(
                ModelRequest.patch(SERVICES + "/a", STRATEGIC, yaml("spec: {ports: [{port: 80, name: web}]}")));
        var removed = cluster.send(
                ModelRequest.patch(SERVICES + "/a", STRATEGIC, yaml("spec: {ports: [{port: 443, $patch: delete}]}")));

        assertThat(renamed.body().at("/spec/ports")).hasSize(2);
        assertThat(renamed.body().at("/spec/ports/0/name").asText()).isEqualTo("web");
        assertThat(removed.body().at("/spec/ports")).hasSize(1);
    }

    @Test
    void mergesContainersAndFinalizersAndConditions() {
        cluster.created(DEPLOYMENTS, deployment("web", 1));
        var patched = cluster.send(ModelRequest.patch(DEPLOYMENTS + "/web", STRATEGIC, yaml("""
                spec: {template: {spec: {containers: [{name: web, image: 'web:2'}, {name: side, image: 'side:1'}],
                                         $setElementOrder/containers: [{name: side}, {name: web}]}}}""")));
        assertThat(patched.body().at("/spec/template/spec/containers/1/image").asText())
                .isEqualTo("web:2");
        assertThat(patched.body().at("/spec/template/spec/containers/1/ports")).hasSize(1);

        cluster.created(SERVICES, service("a"));
        cluster.send(ModelRequest.patch(SERVICES + "/a", STRATEGIC, yaml("metadata: {finalizers: [ballast.io/x]}")));
        var both = cluster.send(
                ModelRequest.patch(SERVICES + "/a", STRATEGIC, yaml("metadata: {finalizers: [ballast.io/y]}")));
        assertThat(Meta.finalizers(both.body())).containsExactly("ballast.io/x", "ballast.io/y");
        var one = cluster.send(ModelRequest.patch(
                SERVICES + "/a", STRATEGIC, yaml("metadata: {$deleteFromPrimitiveList/finalizers: [ballast.io/x]}")));
        assertThat(Meta.finalizers(one.body())).containsExactly("ballast.io/y");

        var condition =
                "status: {conditions: [{type: %s, status: 'True', reason: Ok, message: '', lastTransitionTime: '2026-11-20T12:00:00Z'}]}";
        cluster.send(ModelRequest.patch(
                SERVICES + "/a/status", STRATEGIC, yaml(condition.formatted("ballast.io/Programmed"))));
        var two = cluster.send(
                ModelRequest.patch(SERVICES + "/a/status", STRATEGIC, yaml(condition.formatted("example.com/Other"))));
        assertThat(two.body().at("/status/conditions")).hasSize(2);
    }

    @Test
    void appliesOnTheServerAndTakesBackWhatIsNoLongerApplied() {
        var first = service("a");
        Json.child(first, "metadata", "annotations").put("one", "1").put("two", "2");
        assertThat(apply(SERVICES + "/a", "me", false, first).status()).isEqualTo(201);
        cluster.merge(SERVICES + "/a", "metadata: {annotations: {foreign: x}}");

        var second = service("a");
        Json.child(second, "metadata", "annotations").put("one", "1");
        var applied = apply(SERVICES + "/a", "me", false, second);

        assertThat(applied.status()).as(applied.toString()).isEqualTo(200);
        assertThat(Json.textMap(applied.body().at("/metadata/annotations"))).containsOnlyKeys("one", "foreign");
        assertThat(applied.body().at("/spec/ports")).hasSize(1);
    }

    @Test
    void namesConflictsBetweenManagersUnlessForced() {
        apply(SERVICES + "/a", "me", false, service("a"));
        var other = service("a", "sessionAffinity: ClientIP");
        Json.child(other, "spec", "selector").put("app", "other");

        assertThat(message(apply(SERVICES + "/a", "you", false, other)))
                .isEqualTo("409 Apply failed with 1 conflict: conflict with \"me\": .spec.selector.app");
        var forced = apply(SERVICES + "/a", "you", true, other);
        assertThat(forced.body().at("/spec/selector/app").asText()).isEqualTo("other");
        assertThat(message(apply(SERVICES + "/a", "me", false, service("a")))).contains("conflict with \"you\"");
        assertThat(message(apply(SERVICES + "/a", "", false, service("a")))).contains("400", "fieldManager");
    }

    @Test
    void appliesAConditionThroughTheStatus() {
        cluster.created(SERVICES, service("a"));
        var status = yaml("""
                apiVersion: v1
                kind: Service
                metadata: {name: a}
                status: {conditions: [{type: ballast.io/Programmed, status: 'True', reason: Active, message: '', lastTransitionTime: '2026-11-20T12:00:00Z'}]}
                """);
        var applied = apply(SERVICES + "/a/status", "ballast", true, status);
        assertThat(applied.body().at("/status/conditions/0/reason").asText()).isEqualTo("Active");
        assertThat(applied.body().at("/spec/ports")).hasSize(1);
    }

    @Test
    void scalesThroughTheSubresource() {
        cluster.created(DEPLOYMENTS, deployment("web", 1));
        cluster.merge(DEPLOYMENTS + "/web/scale", "spec: {replicas: 4}");
        assertThat(cluster.get(DEPLOYMENTS + "/web/scale")
                        .at("/status/replicas")
                        .asInt())
                .isEqualTo(4);
        assertThat(cluster.items(TestCluster.PODS)).hasSize(4);
    }
}
