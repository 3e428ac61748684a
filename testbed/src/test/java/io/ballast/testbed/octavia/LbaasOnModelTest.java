package io.ballast.testbed.octavia;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ballast.octavia.kafka.OctaviaSettings;
import io.ballast.octavia.loadbalancer.Policy;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.DesiredHealthMonitor;
import io.ballast.schemas.contract.DesiredListener;
import io.ballast.schemas.contract.DesiredLoadBalancer;
import io.ballast.schemas.contract.DesiredLoadBalancerBody;
import io.ballast.schemas.contract.DesiredMember;
import io.ballast.schemas.contract.DesiredPool;
import io.ballast.schemas.contract.DesiredState;
import io.ballast.schemas.contract.GrantedVip;
import io.ballast.schemas.contract.HealthMonitorType;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.LbAlgorithm;
import io.ballast.schemas.contract.ListenerProtocol;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.PoolProtocol;
import io.ballast.schemas.contract.ServiceType;
import io.ballast.schemas.contract.StatusReason;
import io.ballast.testbed.openstack.Call;
import io.ballast.testbed.openstack.Faults;
import io.ballast.testbed.openstack.LoadBalancing;
import io.ballast.testbed.openstack.ModelRequest;
import io.ballast.testbed.openstack.OpenStackModel;
import io.ballast.testbed.openstack.OpenStackService;
import io.ballast.testbed.openstack.Timing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** octavia-service over the model of a cloud with LBaaS v2 and no Octavia; proved here only, it can no longer be run. */
class LbaasOnModelTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final String KEY = "demo/shop/web";
    private static final String CLUSTER = "6f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f9";
    private static final String SERVICE = "0a1b2c3d-4e5f-4601-8273-94a5b6c7d8e9";
    private static final Duration TWO_MINUTES = Duration.ofMinutes(2);
    private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);

    private OpenStackModel cloud = cloud(LoadBalancing.LBAASV2);
    private Harness octavia = harness();

    private static OpenStackModel cloud(LoadBalancing loadBalancing) {
        return new OpenStackModel(
                OpenStackModel.Settings.of(Timing.measured()).withLoadBalancing(loadBalancing), START);
    }

    private Harness harness() {
        return new Harness(
                cloud,
                new OctaviaSettings(Policy.DEFAULT, 1, 4, 16, Duration.ofMinutes(10), Duration.ofMinutes(5)),
                START);
    }

    @Test
    void makesTheLoadBalancerFirstAndItsChildrenOneByOne() {
        // When
        create(present(1, 80, 3));

        // Then
        assertThat(octavia.status(KEY).orElseThrow().phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
        assertThat(octavia.status(KEY).orElseThrow().appliedGeneration()).isEqualTo(1);
        assertThat(writes())
                .containsExactly(
                        "POST loadbalancers",
                        "POST pools",
                        "POST members",
                        "POST listeners",
                        "POST members",
                        "POST members");
        assertThat(loadBalancer().path("description").asText())
                .startsWith("ballast:")
                .endsWith(":" + KEY + ",team-a");
        assertThat(loadBalancer().has("tags")).isFalse();
    }

    @Test
    void addsAndRemovesMembersOneByOne() {
        // Given
        create(present(1, 80, 3));
        int before = writes().size();

        // When
        octavia.put(Topics.DESIRED_LOAD_BALANCERS, KEY, present(2, 80, 5));
        octavia.run(TWO_MINUTES);
        int grown = writes().size();
        octavia.put(Topics.DESIRED_LOAD_BALANCERS, KEY, present(3, 80, 2));
        octavia.run(TWO_MINUTES);

        // Then
        assertThat(writes().subList(before, grown)).containsExactly("POST members", "POST members");
        assertThat(writes().subList(grown, writes().size()))
                .containsExactly("DELETE members", "DELETE members", "DELETE members");
        assertThat(status().appliedGeneration()).isEqualTo(3);
        assertThat(status().loadBalancers().getFirst().listeners().getFirst().members())
                .isEqualTo(2);
    }

    @Test
    void movesAListenerToAnotherPort() {
        // Given
        create(present(1, 80, 3));

        // When
        octavia.put(Topics.DESIRED_LOAD_BALANCERS, KEY, present(2, 8080, 3));
        octavia.run(FIVE_MINUTES);

        // Then
        assertThat(status().phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
        assertThat(list("listeners"))
                .singleElement()
                .satisfies(
                        each -> assertThat(each.path("protocol_port").asInt()).isEqualTo(8080));
        assertThat(list("pools")).hasSize(1);
    }

    @Test
    void deletesChildrenFirstAndLeavesNothing() {
        // Given
        create(monitored(1));
        assertThat(status().phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
        int before = writes().size();

        // When
        octavia.put(Topics.DESIRED_LOAD_BALANCERS, KEY, desired(DesiredState.ABSENT, 9, List.of()));
        octavia.run(FIVE_MINUTES);

        // Then
        assertThat(writes().subList(before, writes().size()))
                .containsExactly("DELETE listeners", "DELETE healthmonitors", "DELETE pools", "DELETE loadbalancers");
        assertThat(status().phase()).isEqualTo(LoadBalancerPhase.DELETED);
        assertThat(cloud.inventory().loadBalancers()).isEmpty();
        assertThat(cloud.calls().all())
                .filteredOn(Call::mutating)
                .as("nothing is asked for that is refused")
                .allMatch(call -> call.status() < 400);
    }

    @Test
    void findsItAgainByItsDescription() {
        // Given
        create(present(1, 80, 3));
        int before = writes().size();
        int published = octavia.statuses.size();

        // When
        octavia.restart();
        octavia.run(Duration.ofMinutes(30));

        // Then
        assertThat(writes()).hasSize(before);
        assertThat(octavia.statuses).hasSize(published);
    }

    @Test
    void makesNoSecondOneWhenTheAnswersAreLost() {
        // Given
        cloud.setFaults(Faults.none().with("nextAnswersLost", 3), START);

        // When
        create(present(1, 80, 3));

        // Then
        assertThat(status().phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
        assertThat(list("loadbalancers")).hasSize(1);
        assertThat(list("pools")).hasSize(1);
        assertThat(status().loadBalancers().getFirst().listeners().getFirst().members())
                .isEqualTo(3);
    }

    @Test
    void goesOnWhereItStoodWhenItDiesBetweenTwoSteps() {
        for (int steps = 1; steps < 60; steps += 2) {
            // Given
            cloud = cloud(LoadBalancing.LBAASV2);
            octavia = harness();
            octavia.open();
            put(present(1, 80, 2));
            for (int step = 0; step < steps; step++) {
                octavia.step(START.plus(FIVE_MINUTES));
            }

            // When
            octavia.restart();
            octavia.run(Duration.ofMinutes(15));

            // Then
            assertThat(status().phase()).as("died after %d steps", steps).isEqualTo(LoadBalancerPhase.ACTIVE);
            assertThat(list("loadbalancers")).hasSize(1);
            assertThat(list("pools")).hasSize(1);
            assertThat(list("listeners")).hasSize(1);
        }
    }

    @Test
    void leavesLoadBalancersOfOthersAlone() {
        // Given
        var body = "{'loadbalancer': {'name': 'shop/web', 'description': 'by hand', 'vip_subnet_id': '%s'}}"
                .formatted(cloud.seeded().serviceSubnetId());
        send("POST", "loadbalancers", body);

        // When
        create(present(1, 80, 1));
        octavia.put(Topics.DESIRED_LOAD_BALANCERS, KEY, desired(DesiredState.ABSENT, 9, List.of()));
        octavia.run(FIVE_MINUTES);

        // Then
        assertThat(list("loadbalancers"))
                .singleElement()
                .satisfies(each -> assertThat(each.path("description").asText()).isEqualTo("by hand"));
    }

    @Test
    void makesNothingWhereTheTranslatorDoesNotKnowWhatTheCloudLacks() {
        // When
        create(desired(DesiredState.PRESENT, 1, List.of(body("", 80, 1, null, null))));

        // Then
        assertThat(status().message()).contains("no Octavia", "configure the translator with provider: lbaasv2");
        assertThat(writes()).isEmpty();
    }

    @Test
    void losesNoSourceRangesInSilence() {
        // When
        create(desired(DesiredState.PRESENT, 1, List.of(body("lbaasv2", 80, 1, List.of("192.0.2.0/24"), null))));

        // Then
        assertThat(list("listeners")).isEmpty();
        assertThat(status().phase()).isEqualTo(LoadBalancerPhase.DEGRADED);
        assertThat(status().message()).contains("Unrecognized attribute(s) 'allowed_cidrs'");
    }

    @Test
    void saysThatTheVipIsHeldByAnother() {
        // Given
        var body = "{'loadbalancer': {'name': 'other', 'vip_subnet_id': '%s', 'vip_address': '10.2.0.5'}}"
                .formatted(cloud.seeded().serviceSubnetId());
        send("POST", "loadbalancers", body);

        // When
        create(present(1, 80, 1));

        // Then
        assertThat(status().reason()).isEqualTo(StatusReason.VIP_CONFLICT);
        assertThat(list("loadbalancers")).hasSize(1);
    }

    @Test
    void refusesLbaasV1ByName() {
        // Given
        cloud = cloud(LoadBalancing.LBAAS);
        octavia = harness();

        // When
        create(present(1, 80, 1));

        // Then
        assertThat(octavia.standing.trouble()).contains("LBaaS v1 (extension lbaas, /v2.0/lb), which is not served");
        assertThat(status().message()).contains("LBaaS v1");
        assertThat(writes()).isEmpty();
    }

    private void create(DesiredLoadBalancer desired) {
        octavia.open();
        put(desired);
        octavia.run(TWO_MINUTES);
    }

    private void put(DesiredLoadBalancer desired) {
        octavia.put(
                Topics.ADDRESS_ALLOCATIONS,
                KEY,
                new AddressAllocation(
                        AllocationState.GRANTED,
                        CLUSTER,
                        SERVICE,
                        1,
                        1,
                        "lbaasv2",
                        List.of(new GrantedVip(
                                IpFamily.IPV4, "10.2.0.5", cloud.seeded().serviceSubnetId(), "")),
                        1,
                        List.of(),
                        List.of(),
                        null,
                        "",
                        0L));
        octavia.put(Topics.DESIRED_LOAD_BALANCERS, KEY, desired);
    }

    private LoadBalancerStatus status() {
        return octavia.status(KEY).orElseThrow();
    }

    private List<String> writes() {
        return cloud.calls().all().stream()
                .filter(Call::isEffectiveWrite)
                .filter(call -> call.path().startsWith("/v2.0/lbaas/"))
                .map(call -> call.method() + " " + resource(call.path()))
                .toList();
    }

    private static String resource(String path) {
        return path.contains("/members") ? "members" : path.split("/", -1)[3];
    }

    private JsonNode loadBalancer() {
        return list("loadbalancers").getFirst();
    }

    private List<JsonNode> list(String collection) {
        var found = new ArrayList<JsonNode>();
        send("GET", collection, "").path(collection).forEach(found::add);
        return found;
    }

    private JsonNode send(String method, String target, String body) {
        var request = ModelRequest.of(OpenStackService.NEUTRON, method, "/v2.0/lbaas/" + target)
                .withToken(cloud.tokenFor("k8s", "k8s", octavia.now));
        return cloud.handle(body.isEmpty() ? request : request.withBody(body), octavia.now)
                .json();
    }

    private static DesiredLoadBalancer present(long generation, int port, int members) {
        return desired(DesiredState.PRESENT, generation, List.of(body("lbaasv2", port, members, null, null)));
    }

    private static DesiredLoadBalancer monitored(long generation) {
        var monitor = new DesiredHealthMonitor("shop/web", HealthMonitorType.TCP, 5, 3, 1, 3, null, null, null);
        return desired(DesiredState.PRESENT, generation, List.of(body("lbaasv2", 80, 2, null, monitor)));
    }

    private static DesiredLoadBalancer desired(
            DesiredState state, long generation, List<DesiredLoadBalancerBody> bodies) {
        return new DesiredLoadBalancer(
                state,
                CLUSTER,
                SERVICE,
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

    private static DesiredLoadBalancerBody body(
            String provider,
            int port,
            int members,
            @Nullable List<String> allowedCidrs,
            @Nullable DesiredHealthMonitor monitor) {
        var name = "shop/web:TCP:" + port;
        return new DesiredLoadBalancerBody(
                "shop/web",
                provider,
                null,
                null,
                List.of(IpFamily.IPV4),
                List.of("team-a"),
                List.of(new DesiredListener(
                        name,
                        ListenerProtocol.TCP,
                        port,
                        name,
                        null,
                        null,
                        null,
                        null,
                        null,
                        allowedCidrs,
                        Map.of(),
                        null,
                        List.of())),
                List.of(new DesiredPool(
                        name,
                        PoolProtocol.TCP,
                        LbAlgorithm.ROUND_ROBIN,
                        null,
                        null,
                        monitor,
                        IntStream.rangeClosed(1, members)
                                .mapToObj(last -> new DesiredMember(
                                        "pod-" + last, "10.1.0." + last, 8080, 1, null, null, null, false))
                                .toList())));
    }
}
