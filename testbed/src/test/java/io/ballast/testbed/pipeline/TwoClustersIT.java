package io.ballast.testbed.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ballast.openstack.Rest;
import io.ballast.schemas.Topics;
import io.ballast.testbed.check.OpenStackView;
import io.ballast.testbed.kafka.TopicRows;
import io.ballast.testbed.kubernetes.KubernetesServer;
import io.ballast.testbed.kubernetes.KubernetesSettings;
import io.ballast.testbed.openstack.Layout;
import io.ballast.testbed.stack.ChildProcess;
import io.ballast.testbed.stack.FreePorts;
import io.ballast.testbed.stack.LocalStack;
import io.ballast.testbed.stack.LocalStack.Role;
import io.ballast.testbed.stack.StackOptions;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Two clusters with the same names in them, in one Kafka and one OpenStack project. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SuppressWarnings("NullAway.Init") // @BeforeAll
class TwoClustersIT {
    private static final Duration WITHIN = Duration.ofSeconds(60);

    private Path folder;
    private LocalStack stack;
    private KubernetesServer secondServer;
    private KubernetesClient first;
    private KubernetesClient second;
    private ChildProcess secondWatcher;
    private Rest cloud;

    @BeforeAll
    void start(@TempDir Path temporary) throws IOException {
        folder = temporary.resolve("stack");
        stack = LocalStack.start(StackOptions.local(Layout.DEFAULT, "amphora", 0.1, folder), line -> {});
        secondServer = KubernetesServer.start(
                KubernetesSettings.defaults().withServiceCidrs("10.2.64.0/18").withSeed(2), InstantSource.system(), 0);
        Files.writeString(folder.resolve("second.kubeconfig"), secondServer.kubeconfig());
        first = stack.kubernetes();
        second = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(
                        folder.resolve("second.kubeconfig").toFile()))
                .build();
        cloud = stack.cloud();
        configure(Role.TRANSLATOR, text -> text + "  second:\n    pod-ranges: [\"10.1.0.0/16\"]\n");
        configure(Role.IPAM, TwoClustersIT::withSecondRange);
        secondWatcher = watcher("second", "watcher-second");
        secondWatcher.awaitReady(WITHIN);
    }

    @AfterAll
    void stop() {
        secondWatcher.stop(Duration.ofSeconds(30));
        first.close();
        second.close();
        secondServer.close();
        stack.close();
    }

    @Test
    @Order(1)
    void keepsTheSameNameInTwoClustersApart() {
        // When
        apply(first);
        apply(second);

        // Then
        await().atMost(WITHIN)
                .until(() -> ingress(first).size() == 1 && ingress(second).size() == 1);
        assertThat(ingress(first)).isNotEqualTo(ingress(second));
        await().atMost(WITHIN)
                .until(() ->
                        programmed(first).equals("True") && programmed(second).equals("True"));
        assertThat(vip(first)).isNotEqualTo(vip(second));
        assertThat(loadBalancersNamedWeb()).hasSize(2);

        // When one goes
        var left = ingress(second);
        web(first).delete();
        await().atMost(WITHIN).until(() -> web(first).get() == null);

        // Then the other stays
        assertThat(loadBalancersNamedWeb()).containsExactly(vip(second));
        assertThat(ingress(second)).isEqualTo(left);
        assertThat(programmed(second)).isEqualTo("True");
    }

    @Test
    @Order(2)
    void refusesAClusterUnderANameThatBelongsToAnother() throws IOException {
        // When
        var refused = watcher("local", "watcher-refused");
        stack.service(Role.WATCHER).stop(Duration.ofSeconds(30));

        // Then
        await().atMost(WITHIN).until(() -> !refused.isAlive());
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(Files.readString(refused.log()))
                .contains(
                        "service cannot run: the cluster local has kube-system UID " + uid(second),
                        "but " + uid(first) + " is recorded under that name",
                        "ballast clusters forget --cluster local");
        stack.service(Role.WATCHER).restart();
    }

    @Test
    @Order(4)
    void deletesWhatWentWhileItWasDownWithoutAFinalizer() {
        // Given
        web(second).delete();
        await().atMost(WITHIN).until(() -> loadBalancersNamedWeb().isEmpty());
        await().atMost(WITHIN)
                .until(() -> !new TopicRows(stack.kafka()).raw(Topics.SERVICES).containsKey("renamed/default/web"));
        apply(second);
        await().atMost(WITHIN).until(() -> programmed(second).equals("True"));

        // When
        secondWatcher.kill();
        web(second).delete();
        assertThat(web(second).get()).as("no finalizer holds it").isNull();
        secondWatcher.restart();

        // Then
        await().atMost(WITHIN).until(() -> loadBalancersNamedWeb().isEmpty());
    }

    /** Every step of docs/how-to/rename-a-cluster.md. */
    @Test
    @Order(3)
    void renamesAClusterWithoutMovingAnything() throws IOException, InterruptedException {
        // Given
        var before = inTheCloud();
        var ingress = ingress(second);

        // When the services are stopped
        assertThat(ballast("clusters", "rename", "--from", "second", "--to", "renamed"))
                .as("while services run")
                .isEqualTo(1);
        secondWatcher.stop(Duration.ofSeconds(30));
        for (var role : Role.values()) {
            stack.service(role).stop(Duration.ofSeconds(30));
        }
        assertThat(ballast("clusters", "rename", "--from", "second", "--to", "renamed"))
                .as(Files.readString(folder.resolve("ballast.log")))
                .isZero();
        for (var role : List.of(Role.TRANSLATOR, Role.IPAM)) {
            edit(role, text -> text.replace("  second:", "  renamed:"));
        }
        for (var role : Role.values()) {
            stack.service(role).restart();
        }
        secondWatcher = watcher("renamed", "watcher-renamed");

        // Then
        await().atMost(WITHIN)
                .untilAsserted(() -> assertThat(new TopicRows(stack.kafka()).values(Topics.LOAD_BALANCER_STATUS))
                        .hasEntrySatisfying(
                                "renamed/default/web",
                                status -> assertThat(status.phase().name()).isEqualTo("ACTIVE")));
        assertThat(inTheCloud()).isEqualTo(before);
        assertThat(ingress(second)).isEqualTo(ingress);
        for (var topic : List.of(Topics.SERVICES, Topics.ADDRESS_ALLOCATIONS, Topics.DESIRED_LOAD_BALANCERS)) {
            assertThat(new TopicRows(stack.kafka()).raw(topic).keySet()).noneMatch(key -> key.startsWith("second/"));
        }
    }

    // --- processes

    private ChildProcess watcher(String cluster, String name) throws IOException {
        int port = FreePorts.run(1);
        var file = folder.resolve(name + ".yaml");
        Files.writeString(file, """
                kafka: {bootstrap-servers: "%s", replication-factor: 1}
                http: {host: 127.0.0.1, port: %d}
                cluster: %s
                kubernetes: {kubeconfig: "%s"}
                finalizers: false
                """.formatted(stack.bootstrap(), port, cluster, folder.resolve("second.kubeconfig")));
        return ChildProcess.start(
                name,
                160,
                List.of("-jar", jar("watcher").toString(), "--config", file.toString()),
                folder,
                URI.create("http://127.0.0.1:" + port + "/readyz"));
    }

    private static Path jar(String service) {
        return Path.of(System.getProperty("ballast.root", "."), service + "-service/target/" + service + "-service.jar")
                .toAbsolutePath();
    }

    private interface Edit {
        String of(String text);
    }

    private void configure(Role role, Edit edit) throws IOException {
        stack.service(role).stop(Duration.ofSeconds(30));
        edit(role, edit);
        stack.service(role).restart();
        stack.service(role).awaitReady(WITHIN);
    }

    private void edit(Role role, Edit edit) throws IOException {
        var file = folder.resolve(role.text() + ".yaml");
        Files.writeString(file, edit.of(Files.readString(file)));
    }

    /** The ranges of two clusters must not overlap. */
    private static String withSecondRange(String text) {
        var subnet = text.replaceAll("(?s).*subnet: (\\S+).*", "$1");
        return text.replace("10.2.0.0/17", "10.2.0.0/18").replace("external-pools:", """
                  second:
                    default-provider: amphora
                    ipv4:
                      subnet: %s
                      ranges: ["10.2.64.0/18"]
                external-pools:""".formatted(subnet));
    }

    private int ballast(String... arguments) throws IOException, InterruptedException {
        var command = new java.util.ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "io.ballast.testbed.command.Ballast"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--bootstrap", stack.bootstrap()));
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("ballast.log").toFile());
        builder.environment().put("OS_CLOUD", stack.cloudName());
        builder.environment()
                .put("OS_CLIENT_CONFIG_FILE", stack.cloudsYaml().orElseThrow().toString());
        var process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    // --- Kubernetes

    private static io.fabric8.kubernetes.client.dsl.ServiceResource<Service> web(KubernetesClient cluster) {
        return cluster.services().inNamespace("default").withName("web");
    }

    private static void apply(KubernetesClient cluster) {
        var yaml = """
                apiVersion: v1
                kind: Service
                metadata: {name: web, namespace: default}
                spec:
                  type: LoadBalancer
                  ports: [{name: http, port: 80, targetPort: 8080}]
                """;
        cluster.load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
                .create();
    }

    private static List<String> ingress(KubernetesClient cluster) {
        return web(cluster).get().getStatus().getLoadBalancer().getIngress().stream()
                .map(entry -> entry.getIp())
                .toList();
    }

    private static String programmed(KubernetesClient cluster) {
        return web(cluster).get().getStatus().getConditions().stream()
                .filter(condition -> condition.getType().equals("ballast.io/Programmed"))
                .map(condition -> condition.getStatus())
                .findFirst()
                .orElse("");
    }

    private static String vip(KubernetesClient cluster) {
        return web(cluster).get().getSpec().getClusterIP();
    }

    private static String uid(KubernetesClient cluster) {
        return cluster.namespaces().withName("kube-system").get().getMetadata().getUid();
    }

    // --- OpenStack

    private List<String> loadBalancersNamedWeb() {
        return new OpenStackView(cloud)
                .loadBalancers().stream()
                        .filter(each -> each.path("name").asText().equals("default/web"))
                        .map(each -> each.path("vip_address").asText())
                        .toList();
    }

    private Set<String> inTheCloud() {
        var all = new TreeSet<String>();
        new OpenStackView(cloud)
                .loadBalancers()
                .forEach(each -> all.add(each.path("id").asText() + " "
                        + each.path("vip_address").asText()));
        new OpenStackView(cloud)
                .floatingIps()
                .forEach(each -> all.add("%s %s %s"
                        .formatted(
                                each.path("id").asText(),
                                each.path("floating_ip_address").asText(),
                                each.path("port_id").asText())));
        return all;
    }
}
