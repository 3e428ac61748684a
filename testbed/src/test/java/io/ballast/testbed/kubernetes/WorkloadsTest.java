package io.ballast.testbed.kubernetes;

import static io.ballast.testbed.kubernetes.TestCluster.DEPLOYMENTS;
import static io.ballast.testbed.kubernetes.TestCluster.PODS;
import static io.ballast.testbed.kubernetes.TestCluster.SERVICES;
import static io.ballast.testbed.kubernetes.TestCluster.deployment;
import static io.ballast.testbed.kubernetes.TestCluster.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkloadsTest {
    private final TestCluster cluster =
            new TestCluster(KubernetesSettings.defaults().withDelays(Duration.ofSeconds(2), Duration.ofSeconds(3)));

    private long ready() {
        return cluster.items(PODS).stream().filter(Pods::isReady).count();
    }

    @Test
    void runsPodsThatGetReadyAfterTheDelay() {
        cluster.created(DEPLOYMENTS, deployment("web", 3));

        assertThat(cluster.items(PODS)).hasSize(3).allSatisfy(pod -> {
            assertThat(Meta.name(pod)).matches("web-[a-z0-9]{10}-[a-z0-9]{5}");
            assertThat(AddressRange.parse("10.1.0.0/16").contains(Json.text(pod, "status", "podIP")))
                    .isTrue();
        });
        assertThat(ready()).isZero();
        assertThat(cluster.model.nextChange()).contains(cluster.now().plusSeconds(2));
        cluster.pass(Duration.ofSeconds(2));
        assertThat(ready()).isEqualTo(3);
        var status = cluster.get(DEPLOYMENTS + "/web").path("status");
        assertThat(status.path("availableReplicas").asInt()).isEqualTo(3);
        assertThat(status.path("observedGeneration").asInt()).isEqualTo(1);
    }

    @Test
    void keepsTerminatingPodsForTheGrace() {
        cluster.created(DEPLOYMENTS, deployment("web", 3));
        cluster.pass(Duration.ofSeconds(2));
        cluster.merge(DEPLOYMENTS + "/web", "spec: {replicas: 1}");

        assertThat(cluster.items(PODS).stream().filter(Meta::isDeleting)).hasSize(2);
        cluster.pass(Duration.ofSeconds(3));
        assertThat(cluster.items(PODS)).hasSize(1);
    }

    @Test
    void keepsOneThatDrainsUntilItsOwnGraceIsOverOrItIsDeletedByForce() {
        // Given
        var web = deployment("web", 2);
        Json.child(web, "spec", "template", "metadata", "annotations").put("testbed.ballast.io/drains", "true");
        Json.child(web, "spec", "template", "spec").put("terminationGracePeriodSeconds", 600);
        cluster.created(DEPLOYMENTS, web);
        cluster.created(SERVICES, TestCluster.service("web"));
        cluster.pass(Duration.ofSeconds(2));

        // When
        cluster.merge(DEPLOYMENTS + "/web", "spec: {replicas: 0}");
        cluster.pass(Duration.ofSeconds(599));

        // Then
        assertThat(cluster.items(PODS)).hasSize(2);
        assertThat(cluster.slicesOf("web").getFirst().path("endpoints"))
                .extracting(endpoint -> endpoint.path("conditions").toString())
                .containsOnly("{\"ready\":false,\"serving\":true,\"terminating\":true}");

        // When
        cluster.send(
                ModelRequest.delete(PODS + "/" + Meta.name(cluster.items(PODS).getFirst()))
                        .withQuery(Map.of("gracePeriodSeconds", "0")));

        // Then
        assertThat(cluster.items(PODS)).hasSize(1);
        cluster.pass(Duration.ofSeconds(2));
        assertThat(cluster.items(PODS)).isEmpty();
    }

    @Test
    void replacesADeletedPod() {
        cluster.created(DEPLOYMENTS, deployment("web", 1));
        var name = Meta.name(cluster.items(PODS).getFirst());
        cluster.send(ModelRequest.delete(PODS + "/" + name));
        cluster.pass(Duration.ofSeconds(3));
        assertThat(cluster.items(PODS))
                .singleElement()
                .satisfies(pod -> assertThat(Meta.name(pod)).isNotEqualTo(name));
    }

    @Test
    void rollsToANewTemplateWithoutLosingAvailability() {
        cluster.created(DEPLOYMENTS, deployment("web", 4));
        cluster.pass(Duration.ofSeconds(2));
        cluster.merge(DEPLOYMENTS + "/web", "spec: {template: {metadata: {annotations: {v: '2'}}}}");

        for (var i = 0; i < 20; i++) {
            assertThat(ready()).isGreaterThanOrEqualTo(3);
            cluster.pass(Duration.ofSeconds(1));
        }
        assertThat(cluster.items(PODS))
                .hasSize(4)
                .allSatisfy(pod -> assertThat(Meta.annotation(pod, "v")).isEqualTo("2"));
        assertThat(cluster.get(DEPLOYMENTS + "/web")
                        .at("/status/updatedReplicas")
                        .asInt())
                .isEqualTo(4);
    }

    @Test
    void neverReadiesWhatIsAnnotatedSo() {
        var broken = deployment("web", 1);
        Json.child(broken, "spec", "template", "metadata", "annotations").put("testbed.ballast.io/ready", "false");
        cluster.created(DEPLOYMENTS, broken);
        cluster.pass(Duration.ofMinutes(1));
        assertThat(ready()).isZero();

        var pod = PODS + "/" + Meta.name(cluster.items(PODS).getFirst());
        cluster.merge(pod, "metadata: {annotations: {testbed.ballast.io/ready: 'true'}}");
        assertThat(ready()).isEqualTo(1);
    }

    @Test
    void startsStatefulPodsInOrder() {
        var sets = "/apis/apps/v1/namespaces/default/statefulsets";
        cluster.created(sets, yaml("""
                metadata: {name: db}
                spec:
                  replicas: 2
                  serviceName: db
                  selector: {matchLabels: {app: db}}
                  template: {metadata: {labels: {app: db}}, spec: {containers: [{name: db, image: db}]}}
                """));
        assertThat(cluster.items(PODS)).extracting(Meta::name).containsExactly("db-0");
        cluster.pass(Duration.ofSeconds(2));
        assertThat(cluster.items(PODS)).extracting(Meta::name).containsExactly("db-0", "db-1");
        cluster.pass(Duration.ofSeconds(2));
        assertThat(cluster.get(sets + "/db").at("/status/readyReplicas").asInt())
                .isEqualTo(2);
        cluster.merge(sets + "/db", "spec: {replicas: 1}");
        cluster.pass(Duration.ofSeconds(3));
        assertThat(cluster.items(PODS)).extracting(Meta::name).containsExactly("db-0");
    }

    @Test
    void putsADaemonOnEachNodeWithTheNodesAddress() {
        cluster.created("/apis/apps/v1/namespaces/default/daemonsets", yaml("""
                metadata: {name: agent}
                spec:
                  selector: {matchLabels: {app: agent}}
                  template:
                    metadata: {labels: {app: agent}}
                    spec: {hostNetwork: true, containers: [{name: agent, image: agent}]}
                """));
        assertThat(cluster.items(PODS))
                .extracting(pod -> Json.text(pod, "status", "podIP"))
                .containsExactlyInAnyOrder("192.168.64.11", "192.168.64.12", "192.168.64.13");
    }

    @Test
    void completesJobsByThemselves() {
        var jobs = "/apis/batch/v1/namespaces/default/jobs";
        cluster.created(jobs, yaml("""
                metadata: {name: once}
                spec: {ttlSecondsAfterFinished: 5, template: {spec: {restartPolicy: Never, containers: [{name: a, image: a}]}}}
                """));
        cluster.pass(Duration.ofSeconds(2));
        assertThat(cluster.get(jobs + "/once").at("/status/succeeded").asInt()).isEqualTo(1);
        cluster.pass(Duration.ofSeconds(5));
        assertThat(cluster.items(jobs)).isEmpty();
    }

    @Test
    void deletesWhatADeploymentOwned() {
        cluster.created(DEPLOYMENTS, deployment("web", 2));
        cluster.send(ModelRequest.delete(DEPLOYMENTS + "/web"));
        cluster.pass(Duration.ofSeconds(3));
        assertThat(cluster.items(PODS)).isEmpty();
        assertThat(cluster.items("/apis/apps/v1/namespaces/default/replicasets"))
                .isEmpty();
    }

    @Test
    void waitsForDependentsOnAForegroundDeletion() {
        cluster.created(DEPLOYMENTS, deployment("web", 2));
        cluster.pass(Duration.ofSeconds(2));
        cluster.send(new ModelRequest(
                "DELETE", DEPLOYMENTS + "/web", Map.of(), "", "", yaml("{propagationPolicy: Foreground}")));
        assertThat(Meta.isDeleting(cluster.get(DEPLOYMENTS + "/web"))).isTrue();
        cluster.pass(Duration.ofSeconds(3));
        assertThat(cluster.items(DEPLOYMENTS)).isEmpty();
        assertThat(cluster.items(PODS)).isEmpty();
    }

    @Test
    void schedulesNothingOnCordonedNodes() {
        for (var i = 1; i <= 3; i++) {
            cluster.merge("/api/v1/nodes/node-" + i, "spec: {unschedulable: true}");
        }
        cluster.created(DEPLOYMENTS, deployment("web", 1));
        assertThat(Json.text(cluster.items(PODS).getFirst(), "status", "phase")).isEqualTo("Pending");
        cluster.merge("/api/v1/nodes/node-2", "spec: {unschedulable: false}");
        assertThat(Json.text(cluster.items(PODS).getFirst(), "spec", "nodeName"))
                .isEqualTo("node-2");
    }
}
