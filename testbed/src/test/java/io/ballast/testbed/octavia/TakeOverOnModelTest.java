package io.ballast.testbed.octavia;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ballast.octavia.kafka.OctaviaSettings;
import io.ballast.octavia.loadbalancer.Policy;
import io.ballast.openstack.Rest;
import io.ballast.openstack.RestReply;
import io.ballast.openstack.RestRequest;
import io.ballast.openstack.RestRequest.Api;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.DesiredListener;
import io.ballast.schemas.contract.DesiredLoadBalancer;
import io.ballast.schemas.contract.DesiredLoadBalancerBody;
import io.ballast.schemas.contract.DesiredMember;
import io.ballast.schemas.contract.DesiredPool;
import io.ballast.schemas.contract.DesiredState;
import io.ballast.schemas.contract.ExternalMethod;
import io.ballast.schemas.contract.GrantedExternal;
import io.ballast.schemas.contract.GrantedVip;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.LbAlgorithm;
import io.ballast.schemas.contract.ListenerProtocol;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.PoolProtocol;
import io.ballast.schemas.contract.ServiceKey;
import io.ballast.schemas.contract.ServiceType;
import io.ballast.testbed.openstack.Call;
import io.ballast.testbed.openstack.ModelRequest;
import io.ballast.testbed.openstack.OpenStackModel;
import io.ballast.testbed.openstack.OpenStackService;
import io.ballast.testbed.openstack.Timing;
import io.ballast.testbed.takeover.Found;
import io.ballast.testbed.takeover.Peer;
import io.ballast.testbed.takeover.TakeOverCloud;
import io.ballast.testbed.takeover.TakeOverPlan;
import io.ballast.testbed.takeover.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What kuryr and the cloud provider made, taken over and then brought by octavia-service to what is desired. */
class TakeOverOnModelTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final String KEY = "demo/shop/web";
    private static final String VIP = "10.2.0.7";
    private static final String OCCM_NAME = "kube_service_prod_shop_web";

    private final OpenStackModel cloud = new OpenStackModel(OpenStackModel.Settings.of(Timing.measured()), START);
    private final Harness octavia = new Harness(
            cloud, new OctaviaSettings(Policy.DEFAULT, 1, 4, 16, Duration.ofMinutes(10), Duration.ofMinutes(5)), START);
    private final Rest rest = this::answer;
    private String loadBalancer = "";
    private String floatingIp = "";
    private String address = "";
    private int marker;

    @ParameterizedTest
    @EnumSource
    void keepsEverythingAndDeletesNothing(Peer peer) {
        // Given
        made(peer);
        var before = children();
        var writes = takeOver(peer);

        // When: the members are other ones than the cloud provider's, which were nodes
        serve();

        // Then
        assertThat(writes)
                .extracting(Call::method)
                .as("load balancer and floating IP")
                .containsExactly("PUT", "PUT");
        var status = octavia.status(KEY).orElseThrow();
        assertThat(status.phase()).as(String.valueOf(status.message())).isEqualTo(LoadBalancerPhase.ACTIVE);
        assertThat(status.loadBalancers()).singleElement().satisfies(each -> {
            assertThat(each.id()).isEqualTo(loadBalancer);
            assertThat(each.vips().getFirst().address()).isEqualTo(VIP);
        });
        assertThat(status.externals()).singleElement().satisfies(each -> {
            assertThat(each.address()).isEqualTo(address);
            assertThat(each.floatingIpId()).isEqualTo(floatingIp);
        });
        assertThat(children()).as("ids of listeners and pools").isEqualTo(before);
        assertThat(names("listeners")).containsExactly("shop/web:TCP:80", "shop/web:UDP:53");
        assertThat(names("pools")).containsExactly("shop/web:TCP:80", "shop/web:UDP:53");
        assertThat(since()).extracting(Call::method).doesNotContain("DELETE", "POST");
    }

    @Test
    void costsNothingMoreWhereKuryrMadeItAlike() {
        // Given
        made(Peer.KURYR);
        takeOver(Peer.KURYR);

        // When
        serve();

        // Then: not a write but those of the take-over
        assertThat(since()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void leavesNothingToTakeOverASecondTime(Peer peer) {
        // Given
        made(peer);
        takeOver(peer);
        serve();

        // Then
        assertThat(verdicts(peer)).singleElement().isInstanceOf(Verdict.AlreadyOurs.class);
    }

    @Test
    void goesWithItsServiceAfterwards() {
        // Given
        made(Peer.OCCM);
        takeOver(Peer.OCCM);
        serve();

        // When
        octavia.put(Topics.DESIRED_LOAD_BALANCERS, KEY, desired(DesiredState.ABSENT, List.of()));
        octavia.run(Duration.ofMinutes(2));

        // Then
        assertThat(cloud.inventory().loadBalancers()).isEmpty();
    }

    // --- as a peer makes them

    private void made(Peer peer) {
        switch (peer) {
            case KURYR -> asKuryr();
            case OCCM -> asTheCloudProvider();
        }
        var made = get("loadbalancers/" + loadBalancer).path("loadbalancer");
        var network = rest("GET", Api.NETWORK, "/v2.0/networks", "{}").path("networks");
        var external = new TreeSet<String>();
        network.forEach(each -> {
            if (each.path("router:external").asBoolean()) {
                external.add(each.path("id").asText());
            }
        });
        var description = peer == Peer.KURYR
                ? "kuryr_lb"
                : "Floating IP for Kubernetes external service shop/web from cluster prod";
        var associated = rest("POST", Api.NETWORK, "/v2.0/floatingips", """
                {"floatingip": {"floating_network_id": "%s", "port_id": "%s", "description": "%s"}}
                """.formatted(
                                external.first(), made.path("vip_port_id").asText(), description))
                .path("floatingip");
        floatingIp = associated.path("id").asText();
        address = associated.path("floating_ip_address").asText();
        marker = cloud.calls().size();
    }

    /** A write for each object, as kuryr makes them. */
    private void asKuryr() {
        loadBalancer = post("loadbalancers", """
                {"loadbalancer": {"name": "shop/web", "vip_address": "%s", "vip_subnet_id": "%s", "tags": ["site-a"]}}
                """.formatted(VIP, cloud.seeded().serviceSubnetId()));
        for (var port : List.of("TCP 80", "UDP 53")) {
            var words = port.split(" ", -1);
            var name = "shop/web:" + words[0] + ":" + words[1];
            var listener = post("listeners", """
                    {"listener": {"name": "%s", "protocol": "%s", "protocol_port": %s, "loadbalancer_id": "%s",
                      "tags": ["site-a"]}}
                    """.formatted(name, words[0], words[1], loadBalancer));
            var pool = post("pools", """
                    {"pool": {"name": "%s", "protocol": "%s", "lb_algorithm": "ROUND_ROBIN", "listener_id": "%s"}}
                    """.formatted(name, words[0], listener));
            for (var member : members(words[0])) {
                post("pools/" + pool + "/members", """
                        {"member": {"name": "%s", "address": "%s", "protocol_port": %d, "subnet_id": "%s"}}
                        """.formatted(
                                member.name(),
                                member.address(),
                                member.port(),
                                cloud.seeded().serviceSubnetId()));
            }
        }
    }

    /** All in one, as the cloud provider makes it: nodes as members, monitors, names with the number of the port. */
    private void asTheCloudProvider() {
        loadBalancer = post(
                "loadbalancers", """
                {"loadbalancer": {"name": "%1$s", "vip_address": "%2$s", "vip_subnet_id": "%3$s", "tags": ["%1$s"],
                  "description": "Kubernetes external service shop/web from cluster prod",
                  "listeners": [
                    {"name": "listener_0_%1$s", "protocol": "TCP", "protocol_port": 80, "tags": ["%1$s"],
                     "default_pool": {"name": "pool_0_%1$s"}},
                    {"name": "listener_1_%1$s", "protocol": "UDP", "protocol_port": 53, "tags": ["%1$s"],
                     "default_pool": {"name": "pool_1_%1$s"}}],
                  "pools": [
                    {"name": "pool_0_%1$s", "protocol": "TCP", "lb_algorithm": "ROUND_ROBIN",
                     "members": [{"name": "node-1", "address": "192.168.1.11", "protocol_port": 30080},
                                 {"name": "node-2", "address": "192.168.1.12", "protocol_port": 30080}]},
                    {"name": "pool_1_%1$s", "protocol": "UDP", "lb_algorithm": "ROUND_ROBIN",
                     "members": [{"name": "node-1", "address": "192.168.1.11", "protocol_port": 30053}]}]}}
                """.formatted(OCCM_NAME, VIP, cloud.seeded().serviceSubnetId()));
    }

    // --- the take-over

    private List<Verdict> verdicts(Peer peer) {
        var openStack = new TakeOverCloud(rest);
        var service = new Found.TheirService(
                ServiceKey.parse(KEY),
                "uid-1",
                "1",
                "LoadBalancer",
                VIP,
                "",
                "",
                List.of(address),
                List.of(),
                Map.of(),
                false);
        return TakeOverPlan.plan(
                new TakeOverPlan.Request(peer, "demo", "cluster-1", "prod", new TreeSet<>(), List.of(), false),
                new Found(List.of(service), openStack.loadBalancers(), openStack.floatingIps(), List.of()));
    }

    private List<Call> takeOver(Peer peer) {
        var taken = (Verdict.TakeOver) verdicts(peer).getFirst();
        var openStack = new TakeOverCloud(rest);
        taken.floatingIps().forEach(openStack::change);
        var change = taken.loadBalancer();
        if (change != null) {
            openStack.change(change);
        }
        settle();
        return since();
    }

    // --- the world

    private List<Call> since() {
        return cloud.calls().since(marker).stream()
                .filter(Call::isEffectiveWrite)
                .toList();
    }

    /** Ids of what the load balancer consists of, by kind. */
    private Map<String, Set<String>> children() {
        var found = get("loadbalancers/" + loadBalancer).path("loadbalancer");
        var children = new TreeMap<String, Set<String>>();
        for (var kind : List.of("listeners", "pools")) {
            children.put(kind, new TreeSet<>(found.path(kind).findValuesAsText("id")));
        }
        return children;
    }

    private List<String> names(String kind) {
        return get(kind).path(kind).findValuesAsText("name").stream().sorted().toList();
    }

    private String post(String path, String body) {
        var made = rest("POST", Api.LOAD_BALANCER, "/v2.0/lbaas/" + path, body);
        settle();
        return made.iterator().next().path("id").asText();
    }

    private void settle() {
        octavia.now = octavia.now.plus(Duration.ofMinutes(1));
        cloud.advance(octavia.now);
    }

    private JsonNode get(String path) {
        return rest("GET", Api.LOAD_BALANCER, "/v2.0/lbaas/" + path, "{}");
    }

    private JsonNode rest(String method, Api api, String path, String body) {
        try {
            var json = new ObjectMapper().readTree(body);
            var reply =
                    rest.send(method.equals("GET") ? RestRequest.get(api, path) : RestRequest.post(api, path, json));
            var answered = (RestReply.Answered) reply;
            assertThat(answered.isSuccess()).as(answered.toString()).isTrue();
            return answered.body();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private RestReply answer(RestRequest request) {
        var body = request.body();
        var reply = cloud.handle(
                new ModelRequest(
                        request.api() == Api.NETWORK ? OpenStackService.NEUTRON : OpenStackService.OCTAVIA,
                        request.method().name(),
                        request.path(),
                        new LinkedHashMap<>(request.query()),
                        Map.of("x-auth-token", cloud.tokenFor("k8s", "k8s", octavia.now)),
                        body == null ? JsonNodeFactory.instance.objectNode() : body),
                octavia.now);
        return new RestReply.Answered(reply.status(), reply.json(), "req-1", null);
    }

    // --- desired

    /** Runs the service, and sees after each of its steps that no pool is empty. */
    private void serve() {
        octavia.open();
        octavia.put(Topics.ADDRESS_ALLOCATIONS, KEY, granted());
        octavia.put(Topics.DESIRED_LOAD_BALANCERS, KEY, desired(DesiredState.PRESENT, List.of(body())));
        var until = octavia.now.plus(Duration.ofMinutes(15));
        while (octavia.step(until)) {
            for (var pool : children().getOrDefault("pools", Set.of())) {
                assertThat(get("pools/" + pool).path("pool").path("members"))
                        .as("members of pool " + pool)
                        .isNotEmpty();
            }
        }
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
                List.of(new GrantedExternal(
                        IpFamily.IPV4,
                        ExternalMethod.POOL,
                        AllocationState.GRANTED,
                        address,
                        floatingIp,
                        "",
                        "public",
                        true,
                        null,
                        "")),
                List.of(),
                null,
                "",
                0L);
    }

    private static DesiredLoadBalancer desired(DesiredState state, List<DesiredLoadBalancerBody> bodies) {
        return new DesiredLoadBalancer(
                state,
                "cluster-1",
                "uid-1",
                "1",
                1,
                state == DesiredState.PRESENT ? 1 : 2,
                null,
                "",
                ServiceType.LOAD_BALANCER,
                false,
                List.of(),
                bodies);
    }

    private static DesiredLoadBalancerBody body() {
        return new DesiredLoadBalancerBody(
                "shop/web",
                "",
                null,
                null,
                List.of(IpFamily.IPV4),
                List.of(),
                List.of(listener("TCP", 80), listener("UDP", 53)),
                List.of(pool("TCP", 80), pool("UDP", 53)));
    }

    private static DesiredListener listener(String protocol, int port) {
        var name = "shop/web:" + protocol + ":" + port;
        return new DesiredListener(
                name,
                ListenerProtocol.valueOf(protocol),
                port,
                name,
                null,
                null,
                null,
                null,
                null,
                null,
                Map.of(),
                null,
                List.of());
    }

    private static DesiredPool pool(String protocol, int port) {
        return new DesiredPool(
                "shop/web:" + protocol + ":" + port,
                PoolProtocol.valueOf(protocol),
                LbAlgorithm.ROUND_ROBIN,
                null,
                null,
                null,
                members(protocol));
    }

    private static List<DesiredMember> members(String protocol) {
        var members = new ArrayList<DesiredMember>();
        for (int last = 1; last <= 3; last++) {
            members.add(new DesiredMember(
                    "shop/web-" + last + ":" + (protocol.equals("TCP") ? 8080 : 5353),
                    "10.1.0." + last,
                    protocol.equals("TCP") ? 8080 : 5353,
                    1,
                    null,
                    null,
                    null,
                    false));
        }
        return members;
    }
}
