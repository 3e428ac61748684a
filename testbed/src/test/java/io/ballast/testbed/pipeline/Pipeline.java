package io.ballast.testbed.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ballast.openstack.Rest;
import io.ballast.openstack.RestReply;
import io.ballast.openstack.RestRequest;
import io.ballast.openstack.RestRequest.Api;
import io.ballast.runtime.kafka.TopicAdmin;
import io.ballast.schemas.Topics;
import io.ballast.testbed.check.OpenStackView;
import io.ballast.testbed.demo.OpenStackCalls;
import io.ballast.testbed.demo.Settling;
import io.ballast.testbed.demo.ToldWrites;
import io.ballast.testbed.openstack.Layout;
import io.ballast.testbed.purge.Purge;
import io.ballast.testbed.stack.LocalStack;
import io.ballast.testbed.stack.LocalStack.Role;
import io.ballast.testbed.stack.StackOptions;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;

/** A stack of processes, and what tests do to it and ask of it. On a cloud that was given it is the only one in its project. */
public final class Pipeline implements AutoCloseable {
    /** Longer than any step takes, on a real cloud too. */
    public static final Duration WITHIN = Duration.ofMinutes(2);

    private static final String FLOATING_IPS = "/v2.0/floatingips";

    private final StackOptions options;
    private final LocalStack stack;
    private final KubernetesClient kubernetes;
    private final Rest cloud;
    private final Settling settling;
    private final Optional<OpenStackCalls> calls;
    private final ToldWrites told;
    private final OpenStackView view;

    private long lostWrites;

    private Pipeline(StackOptions options, LocalStack stack) {
        this.options = options;
        this.stack = stack;
        this.kubernetes = stack.kubernetes();
        this.cloud = stack.cloud();
        this.settling = new Settling(kubernetes, cloud);
        this.view = new OpenStackView(cloud);
        this.calls = stack.openStackAdmin().map(OpenStackCalls::new);
        this.told = new ToldWrites(stack.kafka());
    }

    static Pipeline start(Path folder) {
        return start(Layout.DEFAULT, folder);
    }

    static Pipeline start(Layout layout, Path folder) {
        return start(StackOptions.local(layout, "amphora", 0.1, folder));
    }

    public static Pipeline start(StackOptions options) {
        return new Pipeline(options, LocalStack.start(options, line -> {}));
    }

    @Override
    public void close() {
        try (stack;
                kubernetes) {
            if (options.cloud().isPresent()) {
                takeAway();
            }
        }
    }

    private void takeAway() {
        stack.stopServices();
        try {
            var left = new Purge(cloud, line -> {}).carryOut(options.cluster(), settling.clusterUid(), WITHIN);
            assertThat(left.isNothing()).as(left.toString()).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    // --- Kubernetes

    public KubernetesClient kubernetes() {
        return kubernetes;
    }

    /** Address of Kafka. */
    String bootstrap() {
        return stack.bootstrap();
    }

    Path kubeconfig() {
        return stack.kubeconfig();
    }

    public void apply(String yaml) {
        kubernetes
                .load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
                .items()
                .forEach(item -> kubernetes
                        .resource(item)
                        .fieldManager("test")
                        .forceConflicts()
                        .serverSideApply());
    }

    public Service service(String name) {
        return Objects.requireNonNull(
                kubernetes.services().inNamespace("default").withName(name).get(), name);
    }

    /** Addresses of the ingress of a Service. */
    public List<String> ingress(String name) {
        return service(name).getStatus().getLoadBalancer().getIngress().stream()
                .map(entry -> String.valueOf(entry.getIp()))
                .toList();
    }

    public void delete(String name) {
        kubernetes.services().inNamespace("default").withName(name).delete();
    }

    /** Status and message of the condition ballast.io/Programmed, joined by a blank; empty while there is none. */
    public String programmed(String name) {
        return service(name).getStatus().getConditions().stream()
                .filter(condition -> condition.getType().equals("ballast.io/Programmed"))
                .map(condition -> condition.getStatus() + " " + condition.getMessage())
                .findFirst()
                .orElse("");
    }

    /** Waits until OpenStack is what Kubernetes asks for. */
    public void settle() {
        assertThat(settling.await(WITHIN)).isEmpty();
    }

    // --- OpenStack

    public OpenStackView openStack() {
        return view;
    }

    /** Writes so far, refused ones too: as the model counts them, or as the services tell of them. */
    long writes() {
        return calls.map(OpenStackCalls::writeCount).orElseGet(() -> lostWrites + told.begun());
    }

    /** Writes that concerned the load balancer of this Service. */
    int writesFor(String name) {
        return calls.map(each ->
                        each.writes().getOrDefault(loadBalancer(name).path("id").asText(), 0))
                .orElseGet(() -> told.byService().getOrDefault("default/" + name, 0));
    }

    public JsonNode loadBalancer(String name) {
        var uid = service(name).getMetadata().getUid();
        var found = get(RestRequest.get(Api.LOAD_BALANCER, "/v2.0/lbaas/loadbalancers")
                        .with("tags", "ballast:service:" + uid))
                .path("loadbalancers");
        assertThat(found).as("load balancers of " + name).hasSize(1);
        return found.path(0);
    }

    /** Load balancers and floating IPs: id, address and what they lead to, each as text, sorted. */
    public List<String> addresses() {
        var all = new ArrayList<String>();
        get(RestRequest.get(Api.LOAD_BALANCER, "/v2.0/lbaas/loadbalancers"))
                .path("loadbalancers")
                .forEach(each -> all.add(each.path("id").asText() + " "
                        + each.path("vip_address").asText()));
        get(RestRequest.get(Api.NETWORK, FLOATING_IPS))
                .path("floatingips")
                .forEach(each -> all.add("%s %s %s"
                        .formatted(
                                each.path("id").asText(),
                                each.path("floating_ip_address").asText(),
                                each.path("port_id").asText())));
        all.sort(null);
        return all;
    }

    /** A floating IP as a user makes it, with these fields beside the network. */
    public JsonNode makeFloatingIp(Map<String, String> fields) {
        var networks = get(RestRequest.get(Api.NETWORK, "/v2.0/networks").with("router:external", "true"));
        var body = JsonNodeFactory.instance.objectNode();
        var floatingIp = body.putObject("floatingip")
                .put(
                        "floating_network_id",
                        networks.path("networks").path(0).path("id").asText());
        fields.forEach(floatingIp::put);
        return send(RestRequest.post(Api.NETWORK, FLOATING_IPS, body)).path("floatingip");
    }

    /** Makes a security group; its id. */
    String makeSecurityGroup(String name) {
        var body = JsonNodeFactory.instance.objectNode();
        body.putObject("security_group").put("name", name);
        return send(RestRequest.post(Api.NETWORK, "/v2.0/security-groups", body))
                .at("/security_group/id")
                .asText();
    }

    /** Admits a protocol from the service subnet. */
    void admit(String group, String protocol, String description) {
        var body = JsonNodeFactory.instance.objectNode();
        body.putObject("security_group_rule")
                .put("security_group_id", group)
                .put("direction", "ingress")
                .put("ethertype", "IPv4")
                .put("protocol", protocol)
                .put("remote_ip_prefix", "10.2.0.0/16")
                .put("description", description);
        send(RestRequest.post(Api.NETWORK, "/v2.0/security-group-rules", body));
    }

    /** Protocols that a security group admits. */
    List<String> admitted(String group) {
        var rules = get(RestRequest.get(Api.NETWORK, "/v2.0/security-group-rules")
                        .with("security_group_id", group)
                        .with("direction", "ingress"))
                .path("security_group_rules");
        return rules.findValuesAsText("protocol");
    }

    /** A floating IP as it is now. */
    public JsonNode floatingIp(JsonNode made) {
        return get(RestRequest.get(
                        Api.NETWORK, FLOATING_IPS + "/" + made.path("id").asText()))
                .path("floatingip");
    }

    public void deleteFloatingIp(JsonNode made) {
        send(RestRequest.delete(
                Api.NETWORK, FLOATING_IPS + "/" + made.path("id").asText()));
    }

    public JsonNode get(RestRequest request) {
        return body(cloud.send(request));
    }

    private JsonNode send(RestRequest request) {
        return body(cloud.send(request));
    }

    private static JsonNode body(RestReply reply) {
        if (reply instanceof RestReply.Answered answered && answered.isSuccess()) {
            return answered.body();
        }
        throw new AssertionError("OpenStack answered " + reply);
    }

    // --- processes and Kafka

    /** Of each service the process that runs it. */
    public Map<Role, Long> processes() {
        var pids = new EnumMap<Role, Long>(Role.class);
        for (var role : Role.values()) {
            pids.put(role, stack.service(role).pid());
        }
        return pids;
    }

    /** What OpenStack refused, in the words of the outcomes. */
    public List<String> refusals() {
        return told.refusals();
    }

    public void kill(Role role) {
        stack.service(role).kill();
    }

    public void restart(Role role) {
        stack.service(role).restart();
    }

    public void awaitReady(Role role) {
        stack.service(role).awaitReady(WITHIN);
    }

    /** Starts what a failed test left stopped. */
    void mend() {
        if (!stack.broker().orElseThrow().isAlive()) {
            restartBroker();
        }
        for (var role : Role.values()) {
            if (!stack.service(role).isAlive()) {
                restart(role);
            }
        }
    }

    void stopServices() {
        for (var role : Role.values()) {
            stack.service(role).stop(Duration.ofSeconds(30));
        }
    }

    /** Starts all services again and waits until octavia has listed OpenStack for every partition since. */
    void startServices() {
        var before = epochs();
        for (var role : Role.values()) {
            restart(role);
        }
        for (var role : Role.values()) {
            awaitReady(role);
        }
        await().atMost(WITHIN).until(() -> hasListedAgain(before));
    }

    private boolean hasListedAgain(Map<Integer, Long> before) {
        var now = epochs();
        return IntStream.range(0, stack.kafka().keyedPartitions())
                .allMatch(partition -> now.getOrDefault(partition, 0L) > before.getOrDefault(partition, 0L));
    }

    private Map<Integer, Long> epochs() {
        var epochs = new TreeMap<Integer, Long>();
        table().values(Topics.INVENTORIES)
                .values()
                .forEach(inventory -> epochs.put(inventory.partition(), inventory.epoch()));
        return epochs;
    }

    /** Reads and writes topics as any tool would. */
    public TopicTable table() {
        return new TopicTable(stack.kafka());
    }

    void killBroker() {
        stack.broker().orElseThrow().kill();
    }

    void restartBroker() {
        var broker = stack.broker().orElseThrow();
        broker.restart();
        broker.awaitReady(WITHIN);
    }

    /** Deletes every topic of ours and makes empty ones. */
    void loseAllTopics() throws Exception {
        lostWrites += told.begun();
        try (var admin = Admin.create(Map.of("bootstrap.servers", stack.bootstrap()))) {
            var names = admin.listTopics().names().get().stream()
                    .filter(name -> name.startsWith(stack.kafka().topicPrefix()))
                    .toList();
            admin.deleteTopics(names).all().get();
            await().atMost(WITHIN)
                    .until(() -> admin.listTopics().names().get().stream().noneMatch(names::contains));
        }
        try (var admin = new TopicAdmin(stack.kafka())) {
            admin.apply(Topics.ALL);
        }
    }
}
