package io.ballast.testbed.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real kubectl against the model. Skipped where there is no kubectl. */
class KubectlIT {
    private static final String WEB = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec:
              replicas: 2
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec: {containers: [{name: web, image: 'web:1', ports: [{name: http, containerPort: 8080}]}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80, targetPort: http}]}
            """;

    @TempDir
    private Path directory = Path.of("");

    private KubernetesServer server;

    private Kubectl kubectl = new Kubectl(directory, directory);

    KubectlIT() throws IOException {
        server = KubernetesServer.start(
                KubernetesSettings.defaults().withDelays(Duration.ofMillis(200), Duration.ofMillis(200)),
                InstantSource.system(),
                0);
    }

    @BeforeEach
    void writeKubeconfig() throws IOException {
        assumeThat(Kubectl.isInstalled()).as("kubectl is installed").isTrue();
        kubectl = new Kubectl(
                Files.writeString(directory.resolve("config"), server.kubeconfig()), directory.resolve("cache"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Kubectl.Outcome run(String input, String... arguments) {
        return kubectl.attempt(input, arguments);
    }

    private String kubectl(String... arguments) {
        return kubectl.run(arguments);
    }

    private String apply(String manifest, String... arguments) {
        return kubectl.apply(manifest, arguments);
    }

    private void createNamespace(String name) {
        var outcome = run("kind: Namespace\napiVersion: v1\nmetadata:\n  name: " + name + "\n", "create", "-f", "-");
        assertThat(outcome.code()).as(outcome.text()).isZero();
    }

    @Test
    void appliesGetsScalesAndDeletes() {
        assertThat(apply(WEB)).contains("deployment.apps/web created", "service/web created");
        assertThat(apply(WEB)).contains("deployment.apps/web unchanged", "service/web unchanged");
        assertThat(kubectl("rollout", "status", "deploy/web", "--timeout=20s")).contains("successfully rolled out");
        assertThat(kubectl("wait", "--for=condition=Available", "deploy/web", "--timeout=20s"))
                .contains("condition met");
        assertThat(kubectl("get", "svc", "web")).contains("TYPE", "CLUSTER-IP", "EXTERNAL-IP", "PORT(S)", "<pending>");
        assertThat(kubectl("get", "all,nodes,ep,endpointslices,ns,events", "-o", "wide"))
                .contains("node-3", "web-");

        kubectl("scale", "deploy/web", "--replicas=5");
        kubectl("rollout", "status", "deploy/web", "--timeout=20s");
        assertThat(kubectl("get", "pods", "-l", "app=web", "--no-headers").lines())
                .hasSize(5);
        assertThat(kubectl("describe", "svc", "web")).contains("8080 + 2 more...", "LoadBalancer");
        assertThat(kubectl("describe", "deploy", "web")).contains("5 desired", "NewReplicaSetAvailable");
        kubectl("describe", "pod,node,endpointslices,ns");

        assertThat(kubectl("delete", "deploy,svc", "web", "--timeout=20s")).contains("deployment.apps \"web\" deleted");
        kubectl("wait", "--for=delete", "pod", "-l", "app=web", "--timeout=20s");
        assertThat(kubectl("get", "pods,endpointslices", "-l", "app=web")).contains("No resources found");
    }

    @Test
    void changesServicesInEveryWay() {
        apply(WEB);
        kubectl("label", "svc", "web", "a=b");
        kubectl("annotate", "svc", "web", "ballast.io/x=y");
        kubectl("patch", "svc", "web", "-p", "{\"spec\":{\"ports\":[{\"port\":80,\"name\":\"http\"}]}}");
        kubectl("patch", "svc", "web", "--type=merge", "-p", "{\"spec\":{\"sessionAffinity\":\"ClientIP\"}}");
        kubectl("patch", "svc", "web", "--type=json", "-p", "[{\"op\":\"remove\",\"path\":\"/metadata/labels/a\"}]");
        kubectl(
                "patch",
                "svc",
                "web",
                "--subresource=status",
                "--type=merge",
                "-p",
                "{\"status\":{\"loadBalancer\":{\"ingress\":[{\"ip\":\"203.0.113.9\"}]}}}");
        assertThat(kubectl("get", "svc", "web")).contains("203.0.113.9");
        assertThat(run(kubectl("get", "svc", "web", "-o", "yaml"), "replace", "-f", "-")
                        .text())
                .contains("replaced");
        assertThat(apply(WEB, "--server-side", "--force-conflicts")).contains("serverside-applied");
        assertThat(run("", "patch", "svc", "web", "-p", "{\"spec\":{\"clusterIP\":\"10.2.9.9\"}}")
                        .text())
                .contains("The Service \"web\" is invalid", "may not change once set");
        assertThat(kubectl("apply", "--dry-run=server", "-f", write("web.yaml", WEB)))
                .contains("(server dry run)");
        kubectl("set", "image", "deploy/web", "web=web:2");
        kubectl("rollout", "status", "deploy/web", "--timeout=20s");
        kubectl("rollout", "restart", "deploy/web");
        kubectl("rollout", "status", "deploy/web", "--timeout=20s");
        assertThat(kubectl("rollout", "history", "deploy/web")).contains("REVISION");
    }

    @Test
    void createsWithoutManifests() {
        kubectl("create", "namespace", "shop");
        kubectl("create", "service", "clusterip", "plain", "--tcp=80:8080");
        kubectl("create", "service", "clusterip", "headless", "--clusterip=None");
        kubectl("create", "service", "loadbalancer", "balanced", "--tcp=80:8080", "--tcp=443:http");
        kubectl("create", "service", "nodeport", "noded", "--tcp=80", "--node-port=30123");
        kubectl("create", "service", "externalname", "outside", "--external-name=example.org");
        assertThat(kubectl(
                        "get",
                        "svc",
                        "--no-headers",
                        "-o",
                        "custom-columns=A:.metadata.name,B:.spec.type,C:.spec.ports"))
                .containsPattern("balanced +LoadBalancer +.*port:443 .*targetPort:http")
                .containsPattern("headless +ClusterIP +<none>")
                .containsPattern("noded +NodePort +.*nodePort:30123")
                .containsPattern("outside +ExternalName +<none>")
                .containsPattern("plain +ClusterIP +.*port:80 .*targetPort:8080");
        assertThat(kubectl("get", "svc", "balanced", "-o", "jsonpath={.spec.clusterIP} {.spec.selector.app}"))
                .containsPattern("10\\.2\\.\\d+\\.\\d+ balanced");

        kubectl("create", "deployment", "web", "--image=web:1", "--replicas=2", "--port=8080");
        kubectl("rollout", "status", "deploy/web", "--timeout=20s");
        kubectl("expose", "deploy", "web", "--type=LoadBalancer", "--port=80", "--target-port=8080");
        kubectl("scale", "deploy/web", "--replicas=3");
        kubectl("rollout", "status", "deploy/web", "--timeout=20s");
        await().untilAsserted(() -> assertThat(kubectl(
                                "get",
                                "endpointslices",
                                "-l",
                                "kubernetes.io/service-name=web",
                                "-o",
                                "jsonpath={.items[*].endpoints[*].addresses[0]}")
                        .split(" "))
                .hasSize(3));
        kubectl("create", "deployment", "idle", "--image=web:1", "--replicas=0");
        assertThat(kubectl("get", "deploy", "idle", "-o", "jsonpath={.spec.replicas}"))
                .isEqualTo("0");

        kubectl("create", "configmap", "settings", "--from-literal=a=b");
        kubectl("create", "secret", "generic", "key", "--from-literal=a=b");
        kubectl("create", "serviceaccount", "robot");
        kubectl("create", "job", "once", "--image=web:1");
        kubectl("create", "clusterrole", "reader", "--verb=get", "--resource=services");
        assertThat(kubectl("get", "configmap,secret", "-o", "jsonpath={.items[*].data.a}"))
                .isEqualTo("b Yg==");
        var edited = kubectl.edit("sed -i s/80$/81/", "edit", "svc", "plain");
        assertThat(edited.text()).contains("service/plain edited");
        assertThat(kubectl("get", "svc", "plain", "-o", "jsonpath={.spec.ports[0].port}"))
                .isEqualTo("81");
    }

    private String write(String name, String text) {
        try {
            return Files.writeString(directory.resolve(name), text).toString();
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Test
    void showsTheEventsThatClientsPosted() {
        apply(WEB);
        var uid = kubectl("get", "svc", "web", "-o", "jsonpath={.metadata.uid}");
        var created = run("""
                apiVersion: events.k8s.io/v1
                kind: Event
                metadata: {name: web.1, namespace: default}
                eventTime: '2026-11-20T12:00:00.000000Z'
                reportingController: ballast.io/watcher
                reportingInstance: watcher-0
                action: Programmed
                reason: LoadBalancerActive
                type: Normal
                note: load balancer is ACTIVE
                regarding: {apiVersion: v1, kind: Service, namespace: default, name: web, uid: %1$s}
                ---
                apiVersion: v1
                kind: Event
                metadata: {name: web.2, namespace: default}
                reason: Waiting
                type: Warning
                message: the pool is exhausted
                count: 3
                firstTimestamp: '2026-11-20T12:00:00Z'
                lastTimestamp: '2026-11-20T12:05:00Z'
                source: {component: ballast}
                involvedObject: {apiVersion: v1, kind: Service, namespace: default, name: web, uid: %1$s}
                """.formatted(uid), "create", "-f", "-");
        assertThat(created.code()).as(created.text()).isZero();

        assertThat(kubectl("describe", "svc", "web"))
                .contains("LoadBalancerActive", "load balancer is ACTIVE", "Waiting", "the pool is exhausted");
        assertThat(kubectl("get", "events")).contains("service/web", "LoadBalancerActive");
        assertThat(kubectl("events", "--for", "service/web")).contains("the pool is exhausted");
    }

    @Test
    void watches() throws IOException {
        var watching = kubectl.start("", "get", "svc", "-w");
        try (var reader = watching.inputReader()) {
            await().until(() -> reader.readLine().contains("kubernetes"));
            apply(WEB);
            await().until(() -> reader.readLine().contains("<pending>"));
            kubectl("delete", "svc", "web");
            await().until(() -> reader.readLine().startsWith("web"));
        } finally {
            watching.destroy();
        }
    }

    @Test
    void waitsForFinalizersOfServicesAndNamespaces() {
        createNamespace("shop");
        apply(WEB, "-n", "shop");
        kubectl(
                "patch",
                "svc",
                "web",
                "-n",
                "shop",
                "--type=merge",
                "-p",
                "{\"metadata\":{\"finalizers\":[\"ballast.io/x\"]}}");
        kubectl("delete", "ns", "shop", "--wait=false");
        await().untilAsserted(
                        () -> assertThat(kubectl("get", "pods", "-n", "shop")).contains("No resources found"));
        assertThat(kubectl("get", "ns", "shop")).contains("Terminating");
        kubectl("patch", "svc", "web", "-n", "shop", "--type=merge", "-p", "{\"metadata\":{\"finalizers\":null}}");
        kubectl("wait", "--for=delete", "ns/shop", "--timeout=20s");
    }

    @ParameterizedTest
    @ValueSource(strings = {"online-boutique.yaml", "ingress-nginx.yaml", "kube-prometheus.yaml"})
    void takesTheManifestsOfOthers(String name) {
        var file = Path.of(System.getProperty("ballast.root"))
                .resolveSibling("shared")
                .resolve("manifests")
                .resolve(name);
        assumeThat(file).exists();
        createNamespace("monitoring");
        kubectl("apply", "-f", file.toString());
        kubectl("wait", "--for=condition=Available", "deploy", "--all", "-A", "--timeout=30s");
        kubectl("delete", "-f", file.toString(), "--timeout=30s", "--ignore-not-found");
        await().untilAsserted(() -> assertThat(kubectl("get", "pods", "-A")).contains("No resources found"));
    }
}
