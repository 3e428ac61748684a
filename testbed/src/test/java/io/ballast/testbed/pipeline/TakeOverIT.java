package io.ballast.testbed.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ballast.testbed.openstack.Layout;
import io.ballast.testbed.stack.ChildProcess;
import io.ballast.testbed.stack.LocalStack;
import io.ballast.testbed.stack.LocalStack.Role;
import io.ballast.testbed.stack.StackOptions;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.ServiceResource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/how-to/take-over-from-kuryr.md and take-over-from-the-cloud-provider.md, step by step. */
@SuppressWarnings("NullAway.Init") // @BeforeEach
class TakeOverIT {
    private static final Duration WITHIN = Duration.ofSeconds(60);

    private Path folder;
    private LocalStack stack;
    private KubernetesClient kubernetes;
    private PeersCloud cloud;
    private final List<ChildProcess> services = new ArrayList<>();

    @BeforeEach
    void start(@TempDir Path temporary) {
        folder = temporary.resolve("stack");
        stack = LocalStack.start(
                StackOptions.local(Layout.DEFAULT, "amphora", 0.1, folder).withServices(Set.of()), line -> {});
        kubernetes = stack.kubernetes();
        cloud = new PeersCloud(stack, folder);
    }

    @AfterEach
    void stop() {
        services.forEach(each -> each.stop(Duration.ofSeconds(30)));
        kubernetes.close();
        stack.close();
    }

    @Test
    void takesOverFromKuryr() throws Exception {
        // Given: a Service as kuryr leaves it, and a controller that still runs
        apply(deployment("web", 2), deployment("kuryr-controller", 1), KURYR_DEFINITION, service("""
                finalizers: [kuryr.openstack.org/service-finalizer]
                """));
        var members = await().atMost(WITHIN).until(this::podAddresses, found -> found.size() == 2);
        var loadBalancer = cloud.asKuryr(web().get().getSpec().getClusterIP(), members);
        var floatingIp = cloud.floatingIp(loadBalancer, "kuryr_lb");
        apply("""
                apiVersion: openstack.org/v1
                kind: KuryrLoadBalancer
                metadata: {name: web, namespace: default, finalizers: [kuryr.openstack.org/kuryrloadbalancer-finalizers]}
                spec: {ip: "%s", type: LoadBalancer}
                status: {loadbalancer: {id: "%s"}, service_pub_ip_info: {ip_id: "%s", alloc_method: pool}}
                """.formatted(
                        web().get().getSpec().getClusterIP(),
                        loadBalancer.path("id").asText(),
                        floatingIp.path("id").asText()));
        await().atMost(WITHIN).until(() -> ready("kuryr-controller") == 1);
        var before = cloud.inTheCloud();
        var writes = cloud.writes().size();

        // When it still runs
        assertThat(ballast("--from", "kuryr")).isEqualTo(1);
        assertThat(said()).contains("kuryr still runs: Deployment default/kuryr-controller has 1 ready pods");

        // When it is stopped
        kubernetes
                .apps()
                .deployments()
                .inNamespace("default")
                .withName("kuryr-controller")
                .scale(0);
        await().atMost(WITHIN).until(() -> ready("kuryr-controller") == 0);
        await().atMost(WITHIN)
                .until(() -> kubernetes.pods().inAnyNamespace().list().getItems().stream()
                        .noneMatch(pod -> pod.getMetadata().getName().startsWith("kuryr-controller")));
        var version = web().get().getMetadata().getResourceVersion();
        assertThat(ballast("--from", "kuryr", "--dry-run")).as(said()).isZero();

        // Then a dry run writes nothing
        assertThat(said())
                .contains("would be taken over", "1 would be taken over, 0 ours already, 0 refused, 0 failed");
        assertThat(cloud.writes()).hasSize(writes);
        assertThat(web().get().getMetadata().getResourceVersion()).isEqualTo(version);

        // When
        assertThat(ballast("--from", "kuryr")).as(said()).isZero();
        assertThat(ballast("--from", "kuryr")).as(said()).isZero();
        assertThat(said()).contains("is ours already", "0 taken over, 1 ours already");
        startServices();

        // Then
        awaitProgrammed();
        assertThat(cloud.inTheCloud()).isEqualTo(before);
        assertThat(cloud.since(writes))
                .noneMatch(call -> call.startsWith("DELETE") || call.endsWith(PeersCloud.loadBalancerPath()));
        assertThat(web().get().getMetadata().getFinalizers()).containsExactly("ballast.io/load-balancer");
        assertThat(ingress())
                .containsExactly(floatingIp.path("floating_ip_address").asText());

        // When kuryr's record goes, nothing else goes with it
        kubernetes
                .genericKubernetesResources("openstack.org/v1", "KuryrLoadBalancer")
                .inNamespace("default")
                .withName("web")
                .delete();
        assertThat(kubernetes
                        .genericKubernetesResources("openstack.org/v1", "KuryrLoadBalancer")
                        .inNamespace("default")
                        .list()
                        .getItems())
                .isEmpty();
        assertThat(cloud.inTheCloud()).isEqualTo(before);
        endsWithItsService();
    }

    @Test
    void takesOverFromTheCloudProviderAtTheAddressThatOctaviaChose() throws Exception {
        // Given
        apply(deployment("web", 2), service("""
                finalizers: [service.kubernetes.io/load-balancer-cleanup]
                """));
        var nodePort = web().get().getSpec().getPorts().getFirst().getNodePort();
        var loadBalancer = cloud.asTheCloudProvider(kubernetes, nodePort);
        var floatingIp = cloud.floatingIp(
                loadBalancer, "Floating IP for Kubernetes external service default/web from cluster prod");
        web().edit(service -> {
            service.getMetadata()
                    .getAnnotations()
                    .put(
                            "loadbalancer.openstack.org/load-balancer-id",
                            loadBalancer.path("id").asText());
            return service;
        });
        var before = cloud.inTheCloud();
        var writes = cloud.writes().size();

        // When its cluster is called otherwise
        assertThat(ballast("--from", "occm")).isEqualTo(1);
        assertThat(said()).contains("refused: load balancer", "named " + PeersCloud.OCCM_NAME, "--cluster-name");
        assertThat(cloud.writes()).hasSize(writes);

        // When
        assertThat(ballast("--from", "occm", "--cluster-name", "prod"))
                .as(said())
                .isZero();
        edit(Role.WATCHER, text -> text + "manage: load-balancers\n");
        edit(
                Role.TRANSLATOR,
                text -> text.replace(
                        "    provider: amphora\n",
                        "    provider: amphora\n    manage: load-balancers\n    members: nodes\n    node-ranges: [\"192.168.64.0/24\"]\n"));
        startServices();

        // Then
        awaitProgrammed();
        assertThat(cloud.inTheCloud()).isEqualTo(before);
        assertThat(cloud.since(writes))
                .noneMatch(call -> call.startsWith("DELETE") || call.endsWith(PeersCloud.loadBalancerPath()));
        assertThat(web().get().getMetadata().getFinalizers()).containsExactly("ballast.io/load-balancer");
        assertThat(ingress())
                .containsExactly(floatingIp.path("floating_ip_address").asText());
        endsWithItsService();
    }

    /** The VIP is the ClusterIP, so our services wait for it as long as kuryr's load balancer has it, and make nothing. */
    @Test
    void takesOverFromKuryrThoughOurServicesRunAlready() throws Exception {
        // Given
        apply(deployment("web", 2), service("""
                finalizers: [kuryr.openstack.org/service-finalizer]
                """).replace("type: LoadBalancer", "type: ClusterIP"));
        var members = await().atMost(WITHIN).until(this::podAddresses, found -> found.size() == 2);
        cloud.asKuryr(web().get().getSpec().getClusterIP(), members);
        var before = cloud.inTheCloud();
        edit(Role.OCTAVIA, text -> text + "resync-interval: 5s\n");
        startServices();
        await().atMost(WITHIN)
                .untilAsserted(() -> assertThat(web().get().getStatus().getConditions())
                        .anySatisfy(condition -> {
                            assertThat(condition.getStatus()).isEqualTo("False");
                            assertThat(condition.getReason()).matches("VipHeldByForeignPort|VipConflict");
                        }));
        var writes = cloud.writes().size();

        // When
        assertThat(ballast("--from", "kuryr")).as(said()).isZero();

        // Then
        awaitProgrammed();
        assertThat(cloud.inTheCloud()).isEqualTo(before);
        assertThat(cloud.since(writes))
                .noneMatch(call -> call.startsWith("DELETE") || call.endsWith(PeersCloud.loadBalancerPath()));
        endsWithItsService();
    }

    /** Our services have made a load balancer of their own by then: which of the two stays, a person has to say. */
    @Test
    void refusesWhatTheCloudProviderMadeWhenOurServicesMadeTheirOwn() throws Exception {
        // Given
        apply(deployment("web", 2), service("""
                finalizers: [service.kubernetes.io/load-balancer-cleanup]
                """));
        var nodePort = web().get().getSpec().getPorts().getFirst().getNodePort();
        var theirs = cloud.asTheCloudProvider(kubernetes, nodePort).path("id").asText();
        edit(Role.WATCHER, text -> text + "manage: load-balancers\n");
        edit(
                Role.TRANSLATOR,
                text -> text.replace(
                        "    provider: amphora\n",
                        "    provider: amphora\n    manage: load-balancers\n    members: nodes\n    node-ranges: [\"192.168.64.0/24\"]\n"));
        startServices();
        awaitProgrammed();
        var before = cloud.inTheCloud();
        assertThat(before.stream().filter(line -> line.startsWith("load balancer")))
                .as("theirs and ours")
                .hasSize(2);
        var writes = cloud.writes().size();

        // When
        assertThat(ballast("--from", "occm", "--cluster-name", "prod")).isEqualTo(1);

        // Then
        assertThat(said()).contains("refused", "2 load balancers may be its", theirs, "delete those that are not");
        assertThat(cloud.writes()).hasSize(writes);
        assertThat(cloud.inTheCloud()).isEqualTo(before);
    }

    /** The address was the peer's to give back, and is ours now. */
    private void endsWithItsService() {
        web().delete();
        await().atMost(WITHIN).until(() -> web().get() == null);
        assertThat(cloud.inTheCloud()).noneMatch(line -> line.contains("web") || line.startsWith("floating"));
    }

    // --- as a peer makes them

    private static final String KURYR_DEFINITION = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: kuryrloadbalancers.openstack.org}
            spec:
              group: openstack.org
              scope: Namespaced
              names: {plural: kuryrloadbalancers, singular: kuryrloadbalancer, kind: KuryrLoadBalancer, shortNames: [klb]}
              versions:
                - name: v1
                  served: true
                  storage: true
                  schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
            """;

    private static String service(String metadata) {
        return """
                apiVersion: v1
                kind: Service
                metadata:
                  name: web
                  namespace: default
                  annotations: {example.org/note: kept}
                  %s
                spec:
                  type: LoadBalancer
                  selector: {app: web}
                  ports: [{name: http, port: 80, targetPort: 8080}]
                """.formatted(metadata.strip());
    }

    private static String deployment(String name, int replicas) {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: %1$s, namespace: default}
                spec:
                  replicas: %2$d
                  selector: {matchLabels: {app: %1$s}}
                  template:
                    metadata: {labels: {app: %1$s}}
                    spec: {containers: [{name: %1$s, image: '%1$s:1', ports: [{containerPort: 8080}]}]}
                """.formatted(name, replicas);
    }

    // --- Kubernetes

    private ServiceResource<Service> web() {
        return kubernetes.services().inNamespace("default").withName("web");
    }

    private void apply(String... documents) {
        for (var document : documents) {
            kubernetes
                    .load(new ByteArrayInputStream(document.getBytes(StandardCharsets.UTF_8)))
                    .create();
        }
    }

    private List<String> podAddresses() {
        return kubernetes.pods().inNamespace("default").withLabel("app", "web").list().getItems().stream()
                .map(pod -> pod.getStatus().getPodIP())
                .filter(address -> address != null && !address.isEmpty())
                .toList();
    }

    private int ready(String deployment) {
        var status = kubernetes
                .apps()
                .deployments()
                .inNamespace("default")
                .withName(deployment)
                .get()
                .getStatus();
        var ready = status == null ? null : status.getReadyReplicas();
        return ready == null ? 0 : ready;
    }

    private List<String> ingress() {
        return web().get().getStatus().getLoadBalancer().getIngress().stream()
                .map(entry -> entry.getIp())
                .toList();
    }

    private void awaitProgrammed() {
        await().atMost(WITHIN)
                .untilAsserted(() -> assertThat(web().get().getStatus().getConditions())
                        .anySatisfy(condition -> {
                            assertThat(condition.getType()).isEqualTo("ballast.io/Programmed");
                            assertThat(condition.getStatus())
                                    .as(condition.getMessage())
                                    .isEqualTo("True");
                        }));
    }

    // --- processes

    private interface Edit {
        String of(String text);
    }

    private void edit(Role role, Edit edit) throws IOException {
        var file = stack.configuration(role);
        var before = Files.readString(file);
        var after = edit.of(before);
        assertThat(after).isNotEqualTo(before);
        Files.writeString(file, after);
    }

    private void startServices() throws IOException {
        for (var role : Role.values()) {
            var file = stack.configuration(role);
            var port = Files.readString(file).replaceAll("(?s).*\n  port: (\\d+)\n.*", "$1");
            var jar = Path.of(
                            System.getProperty("ballast.root", "."),
                            role.text() + "-service/target/" + role.text() + "-service.jar")
                    .toAbsolutePath();
            services.add(ChildProcess.start(
                    role.text(),
                    160,
                    List.of("-jar", jar.toString(), "--config", file.toString()),
                    folder,
                    URI.create("http://127.0.0.1:" + port + "/readyz")));
        }
        services.forEach(each -> each.awaitReady(WITHIN));
    }

    private int ballast(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.ballast.testbed.command.Ballast",
                "adopt",
                "--cluster",
                "local",
                "--kubernetes",
                stack.kubeconfig().toString(),
                "--openstack",
                stack.cloudName()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("ballast.log").toFile());
        builder.environment()
                .put("OS_CLIENT_CONFIG_FILE", stack.cloudsYaml().orElseThrow().toString());
        var process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private String said() throws IOException {
        var log = folder.resolve("ballast.log");
        return Files.exists(log) ? Files.readString(log) : "";
    }
}
