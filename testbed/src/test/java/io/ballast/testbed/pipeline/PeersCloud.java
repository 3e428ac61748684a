package io.ballast.testbed.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ballast.openstack.Rest;
import io.ballast.openstack.RestReply;
import io.ballast.openstack.RestRequest;
import io.ballast.openstack.RestRequest.Api;
import io.ballast.testbed.stack.LocalStack;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

/** An OpenStack in which a peer makes the load balancer of Service default/web, and what is seen of it afterwards. */
final class PeersCloud {
    static final String OCCM_NAME = "kube_service_prod_default_web";

    private static final Duration WITHIN = Duration.ofSeconds(60);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Rest cloud;
    private final URI admin;
    private final Path ids;

    PeersCloud(LocalStack stack, Path folder) {
        this.cloud = stack.cloud();
        this.admin = stack.openStackAdmin().orElseThrow();
        this.ids = folder.resolve("openstack-ids.json");
    }

    JsonNode asKuryr(String vip, List<String> members) throws IOException {
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

    JsonNode asTheCloudProvider(KubernetesClient kubernetes, int nodePort) throws IOException {
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

    JsonNode floatingIp(JsonNode loadBalancer, String description) throws IOException {
        var networks = cloudGet(RestRequest.get(Api.NETWORK, "/v2.0/networks").with("router:external", "true"));
        return post(Api.NETWORK, "/v2.0/floatingips", """
                {"floatingip": {"floating_network_id": "%s", "port_id": "%s", "description": "%s"}}
                """.formatted(
                        networks.path("networks").path(0).path("id").asText(),
                        loadBalancer.path("vip_port_id").asText(),
                        description));
    }

    private String serviceSubnet() throws IOException {
        return MAPPER.readTree(ids.toFile()).path("serviceSubnetId").asText();
    }

    static String loadBalancerPath() {
        return "/v2.0/lbaas/loadbalancers";
    }

    /** Ids and addresses of everything of this Service: load balancer, listeners, pools, floating IPs; of no other. */
    Set<String> inTheCloud() {
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
    List<String> writes() throws IOException {
        var own = new TreeSet<String>();
        for (var each : get(Api.LOAD_BALANCER, loadBalancerPath()).path("loadbalancers")) {
            if (!each.path("name").asText().contains("web")) {
                own.add(each.path("id").asText());
            }
        }
        JsonNode calls;
        try (var stream = URI.create(admin + "/calls").toURL().openStream()) {
            calls = MAPPER.readTree(stream);
        }
        return StreamSupport.stream(calls.path("calls").spliterator(), false)
                .filter(call -> call.path("mutating").asBoolean())
                .filter(call -> !own.contains(call.path("loadBalancerId").asText()))
                .map(call ->
                        call.path("method").asText() + " " + call.path("path").asText())
                .toList();
    }

    List<String> since(int writes) throws IOException {
        var all = writes();
        return all.subList(writes, all.size());
    }
}
