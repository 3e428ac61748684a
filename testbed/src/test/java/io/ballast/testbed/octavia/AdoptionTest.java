package io.ballast.testbed.octavia;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ballast.octavia.kafka.OctaviaSettings;
import io.ballast.octavia.loadbalancer.Policy;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.DesiredListener;
import io.ballast.schemas.contract.DesiredLoadBalancer;
import io.ballast.schemas.contract.DesiredLoadBalancerBody;
import io.ballast.schemas.contract.DesiredMember;
import io.ballast.schemas.contract.DesiredPool;
import io.ballast.schemas.contract.DesiredState;
import io.ballast.schemas.contract.GrantedVip;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.LbAlgorithm;
import io.ballast.schemas.contract.ListenerProtocol;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.PoolProtocol;
import io.ballast.schemas.contract.ServiceType;
import io.ballast.schemas.contract.StatusReason;
import io.ballast.testbed.openstack.Call;
import io.ballast.testbed.openstack.Faults;
import io.ballast.testbed.openstack.ModelRequest;
import io.ballast.testbed.openstack.OpenStackModel;
import io.ballast.testbed.openstack.OpenStackService;
import io.ballast.testbed.openstack.Timing;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The load balancer of default/kubernetes that somebody made by hand, and others that look like it. */
class AdoptionTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final String KEY = "demo/default/kubernetes";
    private static final String VIP = "10.2.0.1";
    private static final Duration A_MINUTE = Duration.ofMinutes(1);

    private final OpenStackModel cloud = new OpenStackModel(OpenStackModel.Settings.of(Timing.measured()), START);
    private final Harness octavia = new Harness(
            cloud, new OctaviaSettings(Policy.DEFAULT, 1, 4, 16, Duration.ofMinutes(10), Duration.ofMinutes(5)), START);

    private int marker;

    @ParameterizedTest
    @ValueSource(strings = {"HTTPS", "TCP"})
    void takesOverTheOneMadeByHandWithoutTakingItDown(String protocol) {
        // Given
        var made = byHand("default/kubernetes", VIP, protocol);
        var listener = made.path("listeners").get(0).path("id").asText();
        var pool = made.path("pools").get(0).path("id").asText();

        // When
        serve(List.of("192.168.1.2", "192.168.1.3"));

        // Then
        var status = octavia.status(KEY).orElseThrow();
        assertThat(status.phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
        assertThat(status.loadBalancers()).singleElement().satisfies(each -> {
            assertThat(each.id()).isEqualTo(made.path("id").asText());
            assertThat(each.vips().getFirst().address()).isEqualTo(VIP);
        });
        var now = get("/v2.0/lbaas/loadbalancers/" + made.path("id").asText()).path("loadbalancer");
        assertThat(texts(now.path("tags")))
                .contains(
                        "mine", "ballast", "ballast:service:uid-1", "ballast:key:" + KEY, "ballast:cluster:cluster-1");
        assertThat(now.path("listeners").findValuesAsText("id")).containsExactly(listener);
        assertThat(now.path("pools").findValuesAsText("id")).containsExactly(pool);
        assertThat(get("/v2.0/lbaas/listeners/" + listener)
                        .path("listener")
                        .path("timeout_client_data")
                        .asInt())
                .isEqualTo(600_000);
        assertThat(get("/v2.0/lbaas/pools/" + pool + "/members").path("members").findValuesAsText("name"))
                .containsExactlyInAnyOrder("master-a", "master-b");
        assertThat(writes()).extracting(Call::method).as("nothing is made anew").doesNotContain("DELETE");
        assertThat(writes()).extracting(Call::path).noneMatch(path -> path.endsWith("/loadbalancers"));
    }

    @Test
    void takesItOverOnceAlsoAcrossARestart() {
        // Given
        byHand("default/kubernetes", VIP, "HTTPS");
        serve(List.of("192.168.1.2"));
        var writes = writes().count();

        // When
        octavia.restart();
        octavia.run(Duration.ofMinutes(15));

        // Then
        assertThat(writes().count()).isEqualTo(writes);
        assertThat(cloud.inventory().loadBalancers()).hasSize(1);
    }

    @Test
    void deletesItWithItsService() {
        // Given
        byHand("default/kubernetes", VIP, "HTTPS");
        serve(List.of("192.168.1.2"));

        // When
        octavia.put(Topics.DESIRED_LOAD_BALANCERS, KEY, desired(DesiredState.ABSENT, 2, List.of()));
        octavia.run(A_MINUTE);

        // Then
        assertThat(cloud.inventory().loadBalancers()).isEmpty();
    }

    @Test
    void waitsForOneThatIsBeingChanged() {
        // Given
        byHandPending();

        // When
        serve(List.of("192.168.1.2"));

        // Then
        assertThat(octavia.status(KEY).orElseThrow().phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
        assertThat(cloud.inventory().loadBalancers()).hasSize(1);
    }

    @Test
    void saysWhatIsToBeDoneAboutOneThatIsInErrorAndTakesItOverAfterwards() {
        // Given
        cloud.setFaults(Faults.none().with("nextCreatesFail", 1), START);
        var id = byHand("default/kubernetes", VIP, "HTTPS").path("id").asText();

        // When
        serve(List.of("192.168.1.2"));

        // Then
        var status = octavia.status(KEY).orElseThrow();
        assertThat(status.reason()).isEqualTo(StatusReason.LOAD_BALANCER_ERROR);
        assertThat(status.message()).contains(id).contains("Ask an administrator for a failover");
        assertThat(writes()).isEmpty();

        // When
        cloud.handle(
                ModelRequest.of(OpenStackService.OCTAVIA, "PUT", "/v2.0/lbaas/loadbalancers/" + id + "/failover")
                        .withToken(cloud.tokenFor("admin", "admin", octavia.now)),
                octavia.now);
        octavia.run(Duration.ofMinutes(11));

        // Then
        assertThat(octavia.status(KEY).orElseThrow().phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
        assertThat(octavia.status(KEY).orElseThrow().loadBalancers().getFirst().id())
                .isEqualTo(id);
    }

    @Test
    void leavesOneOfAnotherNameAlone() {
        // Given
        byHand("kube-api", VIP, "HTTPS");

        // When
        serve(List.of("192.168.1.2"));

        // Then
        assertThat(octavia.status(KEY).orElseThrow().phase()).isEqualTo(LoadBalancerPhase.WAITING);
        assertThat(cloud.inventory().loadBalancers()).hasSize(1);
        assertThat(writes()).isEmpty();
    }

    @Test
    void leavesOneWithAnotherVipAlone() {
        // Given
        var other = byHand("default/kubernetes", "10.2.0.77", "HTTPS");

        // When
        serve(List.of("192.168.1.2"));

        // Then
        assertThat(octavia.status(KEY).orElseThrow().loadBalancers())
                .singleElement()
                .satisfies(each ->
                        assertThat(each.id()).isNotEqualTo(other.path("id").asText()));
        assertThat(cloud.inventory().loadBalancers()).hasSize(2);
    }

    @Test
    void leavesOneOfAnotherClusterAlone() {
        // Given: the same name and address in a cloud where tags say whose it is
        var theirs = byHand("default/kubernetes", VIP, "HTTPS", "ballast", "ballast:cluster:cluster-2");

        // When
        serve(List.of("192.168.1.2"));

        // Then
        assertThat(texts(get("/v2.0/lbaas/loadbalancers/" + theirs.path("id").asText())
                        .path("loadbalancer")
                        .path("tags")))
                .containsExactlyInAnyOrder("ballast", "ballast:cluster:cluster-2");
    }

    @Test
    void anotherServiceOfTheSameNameAdoptsNothing() {
        // Given
        byHand("shop/web", VIP, "HTTPS");

        // When
        octavia.open();
        octavia.put(Topics.ADDRESS_ALLOCATIONS, "demo/shop/web", granted());
        octavia.put(
                Topics.DESIRED_LOAD_BALANCERS,
                "demo/shop/web",
                desired(DesiredState.PRESENT, 1, List.of(body("shop/web", List.of("192.168.1.2")))));
        octavia.run(A_MINUTE);

        // Then
        assertThat(writes()).isEmpty();
    }

    // --- the world

    private JsonNode byHand(String name, String vip, String protocol, String... tags) {
        var made = byHandPending(name, vip, protocol, tags);
        cloud.advance(START.plus(A_MINUTE));
        octavia.now = START.plus(A_MINUTE);
        return made;
    }

    private void byHandPending() {
        byHandPending("default/kubernetes", VIP, "HTTPS");
    }

    private JsonNode byHandPending(String name, String vip, String protocol, String... tags) {
        var words = tags.length == 0 ? "\"mine\"" : "\"" + String.join("\",\"", tags) + "\"";
        var made = send("POST", "/v2.0/lbaas/loadbalancers", """
                {"loadbalancer": {"name": "%s", "vip_address": "%s", "vip_subnet_id": "%s", "tags": [%s],
                  "listeners": [{"name": "api", "protocol": "%s", "protocol_port": 443, "default_pool": {"name": "apis"}}],
                  "pools": [{"name": "apis", "protocol": "%s", "lb_algorithm": "LEAST_CONNECTIONS",
                    "members": [{"name": "master-0", "address": "192.168.1.2", "protocol_port": 6443}]}]}}
                """.formatted(
                        name, vip, cloud.seeded().serviceSubnetId(), words, protocol, protocol));
        marker = cloud.calls().size();
        return made.path("loadbalancer");
    }

    private JsonNode get(String path) {
        return send("GET", path, "{}");
    }

    private JsonNode send(String method, String path, String body) {
        try {
            var json = new ObjectMapper().readTree(body);
            var reply = cloud.handle(
                    new ModelRequest(
                            OpenStackService.OCTAVIA,
                            method,
                            path,
                            Map.of(),
                            Map.of("x-auth-token", cloud.tokenFor("k8s", "k8s", octavia.now)),
                            json),
                    octavia.now);
            assertThat(reply.status()).as(reply.json().toString()).isLessThan(300);
            return reply.json();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private Stream<Call> writes() {
        return cloud.calls().since(marker).stream()
                .filter(call -> call.isEffectiveWrite() && call.service() == OpenStackService.OCTAVIA);
    }

    // --- desired

    private void serve(List<String> hosts) {
        octavia.open();
        octavia.put(Topics.ADDRESS_ALLOCATIONS, KEY, granted());
        octavia.put(
                Topics.DESIRED_LOAD_BALANCERS,
                KEY,
                desired(DesiredState.PRESENT, 1, List.of(body("default/kubernetes", hosts))));
        octavia.run(Duration.ofMinutes(2));
    }

    private AddressAllocation granted() {
        return new AddressAllocation(
                AllocationState.GRANTED,
                "cluster-1",
                "uid-1",
                1,
                1,
                "",
                List.of(new GrantedVip(IpFamily.IPV4, VIP, cloud.seeded().serviceSubnetId(), "")),
                1,
                List.of(),
                List.of(),
                null,
                "",
                0L);
    }

    private static DesiredLoadBalancer desired(
            DesiredState state, long generation, List<DesiredLoadBalancerBody> bodies) {
        return new DesiredLoadBalancer(
                state,
                "cluster-1",
                "uid-1",
                "1",
                1,
                generation,
                null,
                "",
                ServiceType.CLUSTER_IP,
                false,
                List.of(),
                bodies);
    }

    private static DesiredLoadBalancerBody body(String name, List<String> hosts) {
        var child = name + ":HTTPS:443";
        var members = new ArrayList<DesiredMember>();
        for (var host : hosts) {
            members.add(new DesiredMember(
                    "master-" + (char) ('a' + members.size()), host, 6443, 1, null, null, null, false));
        }
        return new DesiredLoadBalancerBody(
                name,
                "",
                null,
                null,
                List.of(IpFamily.IPV4),
                List.of(),
                List.of(new DesiredListener(
                        child,
                        ListenerProtocol.HTTPS,
                        443,
                        child,
                        null,
                        600_000,
                        null,
                        600_000,
                        null,
                        null,
                        Map.of(),
                        null,
                        List.of())),
                List.of(new DesiredPool(
                        child, PoolProtocol.HTTPS, LbAlgorithm.LEAST_CONNECTIONS, null, null, null, members)));
    }
}
