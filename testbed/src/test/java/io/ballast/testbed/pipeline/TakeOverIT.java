package io.ballast.testbed.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ballast.openstack.Rest;
import io.ballast.openstack.RestReply;
import io.ballast.openstack.RestRequest;
import io.ballast.openstack.RestRequest.Api;
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
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/how-to/take-over-from-kuryr.md and take-over-from-the-cloud-provider.md, step by step. */
@SuppressWarnings("NullAway.Init") // @BeforeEach
class TakeOverIT {
    private static final Duration WITHIN = Duration.ofSeconds(60);
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String OCCM_NAME = "kube_service_prod_default_web";

    private Path folder;
    private LocalStack stack;
    private KubernetesClient kubernetes;
    private Rest cloud;
    private final List<ChildProcess> services = new ArrayList<>();

    @BeforeEach
    void start(@TempDir Path temporary) {
        folder = temporary.resolve("stack");
        stack = LocalStack.start(
                new StackOptions(
                        Layout.DEFAULT,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        "amphora",
                        0.1,
                        Set.of(),
                        folder),
                line -> {});
        kubernetes = stack.kubernetes();
        cloud = stack.cloud();
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
        var loadBalancer = asKuryr(web().get().getSpec().getClusterIP(), members);
        var floatingIp = floatingIp(loadBalancer, "kuryr_lb");
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
        var before = inTheCloud();
        var writes = writes().size();

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
        assertThat(writes()).hasSize(writes);
        assertThat(web().get().getMetadata().getResourceVersion()).isEqualTo(version);

        // When
        assertThat(ballast("--from", "kuryr")).as(said()).isZero();
        assertThat(ballast("--from", "kuryr")).as(said()).isZero();
        assertThat(said()).contains("is ours already", "0 taken over, 1 ours already");
        startServices();

        // Then
        awaitProgrammed();
        assertThat(inTheCloud()).isEqualTo(before);
        assertThat(since(writes)).noneMatch(call -> call.startsWith("DELETE") || call.endsWith(loadBalancerPath()));
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
        assertThat(inTheCloud()).isEqualTo(before);
        endsWithItsService();
    }

    @Test
    void takesOverFromTheCloudProviderAtTheAddressThatOctaviaChose() throws Exception {
        // Given
        apply(deployment("web", 2), service("""
                finalizers: [service.kubernetes.io/load-balancer-cleanup]
                """));
        var nodePort = web().get().getSpec().getPorts().getFirst().getNodePort();
        var loadBalancer = asTheCloudProvider(nodePort);
        var floatingIp =
                floatingIp(loadBalancer, "Floating IP for Kubernetes external service default/web from cluster prod");
        web().edit(service -> {
            service.getMetadata()
                    .getAnnotations()
                    .put(
                            "loadbalancer.openstack.org/load-balancer-id",
                            loadBalancer.path("id").asText());
            return service;
        });
        var before = inTheCloud();
        var writes = writes().size();

        // When its cluster is called otherwise
        assertThat(ballast("--from", "occm")).isEqualTo(1);
        assertThat(said()).contains("refused: load balancer", "named " + OCCM_NAME, "--cluster-name");
        assertThat(writes()).hasSize(writes);

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
        assertThat(inTheCloud()).isEqualTo(before);
        assertThat(since(writes)).noneMatch(call -> call.startsWith("DELETE") || call.endsWith(loadBalancerPath()));
        assertThat(web().get().getMetadata().getFinalizers()).containsExactly("ballast.io/load-balancer");
        assertThat(ingress())
                .containsExactly(floatingIp.path("floating_ip_address").asText());
        endsWithItsService();
    }

    /** The address was the peer's to give back, and is ours now. */
    private void endsWithItsService() {
        web().delete();
        await().atMost(WITHIN).until(() -> web().get() == null);
        assertThat(inTheCloud()).noneMatch(line -> line.contains("web") || line.startsWith("floating"));
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

    private JsonNode asKuryr(String vip, List<String> members) throws IOException {
        var made = post(Api.LOAD_BALANCER, loadBalancerPath(), """
                {"loadbalancer": {"name": "default/web", "vip_address": "%s", "vip_subnet_id": "%s", "tags": ["site-a"]}}
                """.formatted(vip, serviceSubnet()));
        var id = made.path("id").asText();
        var listener = post(Api.LOAD_BALANCER, "/v2.0/lbaas/listeners", """
                {"listener": {"name": "default/web:TCP:80", "protocol": "TCP", "protocol_port": 80, "loadbalancer_id": "%s"}}
                """.formatted(active(id)));
        active(id);
        var pool = post(Api.LOAD_BALANCER, "/v2.0/lbaas/pools", """
                {"pool": {"name": "default/web:TCP:80", "protocol": "TCP", "lb_algorithm": "ROUND_ROBIN", "listener_id": "%s"}}
                """.formatted(
                        listener.path("id").asText()));
        for (var member : members) {
            active(id);
            post(Api.LOAD_BALANCER, "/v2.0/lbaas/pools/" + pool.path("id").asText() + "/members", """
                    {"member": {"name": "default/pod:8080", "address": "%s", "protocol_port": 8080, "subnet_id": "%s"}}
                    """.formatted(
                            member, serviceSubnet()));
        }
        return get(Api.LOAD_BALANCER, loadBalancerPath() + "/" + active(id)).path("loadbalancer");
    }

    private JsonNode asTheCloudProvider(int nodePort) throws IOException {
        var subnet = serviceSubnet();
        var members = kubernetes.nodes().list().getItems().stream()
                .map(node -> """
                        {"name": "%s", "address": "%s", "protocol_port": %d, "subnet_id": "%s"}""".formatted(
                                node.getMetadata().getName(),
                                node.getStatus().getAddresses().getFirst().getAddress(),
                                nodePort,
                                subnet))
                .toList();
        var made = post(
                Api.LOAD_BALANCER, loadBalancerPath(), """
                {"loadbalancer": {"name": "%1$s", "vip_subnet_id": "%2$s", "tags": ["%1$s"],
                  "listeners": [{"name": "listener_0_%1$s", "protocol": "TCP", "protocol_port": 80, "tags": ["%1$s"],
                    "default_pool": {"name": "pool_0_%1$s"}}],
                  "pools": [{"name": "pool_0_%1$s", "protocol": "TCP", "lb_algorithm": "ROUND_ROBIN", "members": [%3$s]}]}}
                """.formatted(OCCM_NAME, subnet, String.join(",", members)));
        active(made.path("id").asText());
        return made;
    }

    private JsonNode floatingIp(JsonNode loadBalancer, String description) throws IOException {
        var networks = cloudGet(RestRequest.get(Api.NETWORK, "/v2.0/networks").with("router:external", "true"));
        return post(Api.NETWORK, "/v2.0/floatingips", """
                {"floatingip": {"floating_network_id": "%s", "port_id": "%s", "description": "%s"}}
                """.formatted(
                        networks.path("networks").path(0).path("id").asText(),
                        loadBalancer.path("vip_port_id").asText(),
                        description));
    }

    private String serviceSubnet() throws IOException {
        return MAPPER.readTree(folder.resolve("openstack-ids.json").toFile())
                .path("serviceSubnetId")
                .asText();
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

    // --- OpenStack

    private static String loadBalancerPath() {
        return "/v2.0/lbaas/loadbalancers";
    }

    /** Ids and addresses of everything of this Service: load balancer, listeners, pools, floating IPs; of no other. */
    private Set<String> inTheCloud() {
        var all = new TreeSet<String>();
        for (var each : get(Api.LOAD_BALANCER, loadBalancerPath()).path("loadbalancers")) {
            if (each.path("name").asText().contains("web")) {
                all.add("load balancer of web %s %s"
                        .formatted(
                                each.path("id").asText(),
                                each.path("vip_address").asText()));
                each.path("listeners")
                        .forEach(child -> all.add("listener " + child.path("id").asText()));
                each.path("pools")
                        .forEach(child -> all.add("pool " + child.path("id").asText()));
            }
        }
        for (var each : get(Api.NETWORK, "/v2.0/floatingips").path("floatingips")) {
            all.add("floating IP %s %s %s"
                    .formatted(
                            each.path("id").asText(),
                            each.path("floating_ip_address").asText(),
                            each.path("port_id").asText()));
        }
        return all;
    }

    private JsonNode get(Api api, String path) {
        return cloudGet(RestRequest.get(api, path));
    }

    private JsonNode cloudGet(RestRequest request) {
        return answered(request);
    }

    private JsonNode post(Api api, String path, String body) throws IOException {
        return answered(RestRequest.post(api, path, MAPPER.readTree(body)))
                .iterator()
                .next();
    }

    private JsonNode answered(RestRequest request) {
        var reply = cloud.send(request);
        assertThat(reply).isInstanceOf(RestReply.Answered.class);
        var answered = (RestReply.Answered) reply;
        assertThat(answered.isSuccess()).as(answered.toString()).isTrue();
        return answered.body();
    }

    private String active(String id) {
        await().atMost(WITHIN)
                .until(() -> get(Api.LOAD_BALANCER, loadBalancerPath() + "/" + id)
                        .path("loadbalancer")
                        .path("provisioning_status")
                        .asText()
                        .equals("ACTIVE"));
        return id;
    }

    /** Writes to what web has, in the order they were made; those for the load balancer of default/kubernetes left out. */
    private List<String> writes() throws IOException {
        var own = new TreeSet<String>();
        for (var each : get(Api.LOAD_BALANCER, loadBalancerPath()).path("loadbalancers")) {
            if (!each.path("name").asText().contains("web")) {
                own.add(each.path("id").asText());
            }
        }
        JsonNode calls;
        try (var stream = URI.create(stack.openStackAdmin().orElseThrow() + "/calls")
                .toURL()
                .openStream()) {
            calls = MAPPER.readTree(stream);
        }
        return StreamSupport.stream(calls.path("calls").spliterator(), false)
                .filter(call -> call.path("mutating").asBoolean())
                .filter(call -> !own.contains(call.path("loadBalancerId").asText()))
                .map(call ->
                        call.path("method").asText() + " " + call.path("path").asText())
                .toList();
    }

    private List<String> since(int writes) throws IOException {
        var all = writes();
        return all.subList(writes, all.size());
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
