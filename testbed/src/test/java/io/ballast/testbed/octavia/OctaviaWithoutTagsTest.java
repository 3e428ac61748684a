package io.ballast.testbed.octavia;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ballast.octavia.kafka.OctaviaSettings;
import io.ballast.octavia.loadbalancer.Identity;
import io.ballast.octavia.loadbalancer.Policy;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.DesiredLoadBalancer;
import io.ballast.schemas.contract.DesiredState;
import io.ballast.schemas.contract.GrantedVip;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.ServiceType;
import io.ballast.testbed.openstack.ModelRequest;
import io.ballast.testbed.openstack.OpenStackModel;
import io.ballast.testbed.openstack.OpenStackService;
import io.ballast.testbed.openstack.Timing;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An Octavia whose newest API version is 2.4: identity stands in the description. */
class OctaviaWithoutTagsTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final String KEY = "demo/shop/web";
    private static final Duration A_MINUTE = Duration.ofMinutes(1);

    private final OpenStackModel cloud = new OpenStackModel(OpenStackModel.Settings.of(Timing.measured()), START);
    private final Harness octavia = new Harness(
            cloud, new OctaviaSettings(Policy.DEFAULT, 1, 4, 16, Duration.ofMinutes(10), Duration.ofMinutes(5)), START);

    @BeforeEach
    void isOld() {
        cloud.offerOctavia(4);
        octavia.open();
        octavia.put(Topics.ADDRESS_ALLOCATIONS, KEY, granted());
    }

    @Test
    void makesOneWithItsIdentityInTheDescription() {
        // When
        serve(new DesiredSample().tags(List.of("team-a")).at(1));

        // Then
        assertThat(octavia.status(KEY).orElseThrow().phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
        assertThat(octavia.writes()).isEqualTo(1);
        var description = only().path("description").asText();
        assertThat(Identity.readDescription(description)).hasValue(new Identity("cluster-1", "uid-1", KEY));
        assertThat(description).endsWith(",team-a");
    }

    @Test
    void findsItAgainAfterARestartAndWritesNothing() {
        // Given
        serve(new DesiredSample().at(1));

        // When
        octavia.restart();
        octavia.run(Duration.ofMinutes(15));

        // Then
        assertThat(octavia.writes()).isEqualTo(1);
        assertThat(cloud.inventory().loadBalancers()).hasSize(1);
        assertThat(octavia.status(KEY).orElseThrow().phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
    }

    @Test
    void changesListenersThatKnowNoAllowedCidrs() {
        // Given
        serve(new DesiredSample().at(1));

        // When
        serve(new DesiredSample().connectionLimit(100).at(2));

        // Then
        assertThat(octavia.status(KEY).orElseThrow().phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
        assertThat(get("listeners")
                        .path("listeners")
                        .path(0)
                        .path("connection_limit")
                        .asInt())
                .isEqualTo(100);
    }

    @Test
    void refusesToOpenToAllWhatIsToBeOpenToSome() {
        // When
        serve(new DesiredSample().allowedCidrs(List.of("192.0.2.0/24")).at(1));

        // Then
        assertThat(get("listeners").path("listeners")).isEmpty();
        assertThat(octavia.status(KEY).orElseThrow().message()).contains("allowed_cidrs");
    }

    @Test
    void refusesMoreTagsThanADescriptionHolds() {
        // When
        serve(new DesiredSample().tags(List.of("x".repeat(240))).at(1));

        // Then
        assertThat(cloud.inventory().loadBalancers()).isEmpty();
        assertThat(octavia.status(KEY).orElseThrow().message()).contains("holds 255 characters", "fewer tags");
    }

    @Test
    void deletesOursAndLeavesThoseOfOthers() {
        // Given
        var other = JsonNodeFactory.instance.objectNode();
        other.putObject("loadbalancer")
                .put("name", "shop/web")
                .put("description", "ballast, they say")
                .put("vip_subnet_id", cloud.seeded().serviceSubnetId());
        send("POST", "loadbalancers", other);
        serve(new DesiredSample().at(1));
        assertThat(cloud.inventory().loadBalancers()).hasSize(2);

        // When
        octavia.put(
                Topics.DESIRED_LOAD_BALANCERS,
                KEY,
                new DesiredLoadBalancer(
                        DesiredState.ABSENT,
                        "cluster-1",
                        "uid-1",
                        "1",
                        1,
                        2,
                        null,
                        "",
                        ServiceType.CLUSTER_IP,
                        false,
                        List.of(),
                        List.of()));
        octavia.run(Duration.ofMinutes(2));

        // Then
        assertThat(octavia.status(KEY).orElseThrow().phase()).isEqualTo(LoadBalancerPhase.DELETED);
        assertThat(only().path("description").asText()).isEqualTo("ballast, they say");
    }

    private void serve(DesiredLoadBalancer desired) {
        octavia.put(Topics.DESIRED_LOAD_BALANCERS, KEY, desired);
        octavia.run(A_MINUTE);
    }

    private JsonNode only() {
        var found = get("loadbalancers").path("loadbalancers");
        assertThat(found).hasSize(1);
        return found.path(0);
    }

    private JsonNode get(String path) {
        return send("GET", path, JsonNodeFactory.instance.objectNode());
    }

    private JsonNode send(String method, String path, JsonNode body) {
        var reply = cloud.handle(
                new ModelRequest(
                        OpenStackService.OCTAVIA,
                        method,
                        "/v2.0/lbaas/" + path,
                        Map.of(),
                        Map.of("x-auth-token", cloud.tokenFor("k8s", "k8s", octavia.now)),
                        body),
                octavia.now);
        assertThat(reply.status()).as(reply.json().toString()).isLessThan(300);
        return reply.json();
    }

    private AddressAllocation granted() {
        return new AddressAllocation(
                AllocationState.GRANTED,
                "cluster-1",
                "uid-1",
                1,
                1,
                "",
                List.of(new GrantedVip(IpFamily.IPV4, "10.2.0.7", cloud.seeded().serviceSubnetId(), "")),
                1,
                List.of(),
                List.of(),
                null,
                "",
                0L);
    }
}
