package io.ballast.testbed.octavia;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ballast.octavia.kafka.OctaviaSettings;
import io.ballast.octavia.loadbalancer.Policy;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.GrantedVip;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.OutcomeKind;
import io.ballast.testbed.openstack.Call;
import io.ballast.testbed.openstack.Faults;
import io.ballast.testbed.openstack.ModelRequest;
import io.ballast.testbed.openstack.OpenStackModel;
import io.ballast.testbed.openstack.OpenStackService;
import io.ballast.testbed.openstack.Timing;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** octavia-service under pressure: many at once, one that never ends, and an OpenStack that asks to be left alone. */
class OctaviaPressureTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final String KEY = "demo/shop/web";

    private final OpenStackModel cloud = new OpenStackModel(OpenStackModel.Settings.of(Timing.measured()), START);
    private final OctaviaSettings settings =
            new OctaviaSettings(Policy.DEFAULT, 1, 4, 16, Duration.ofMinutes(10), Duration.ofMinutes(5));
    private final Harness octavia = new Harness(cloud, settings, START);

    @Test
    void looksOnceForEachCreateHoweverManyWait() {
        // When
        create(60);

        // Then
        assertThat(octavia.writes()).isEqualTo(60);
        assertThat(octavia.looks).isEqualTo(60);
        assertThat(octavia.mostCreatesAtATime).isEqualTo(4);
    }

    @Test
    void sharesTheLooksAtWhatIsPending() {
        // Given
        create(60);
        octavia.run(Duration.ofMinutes(2));
        int marker = cloud.calls().size();

        // When
        IntStream.range(0, 3).forEach(i -> desire(i, 2));
        octavia.run(Duration.ofSeconds(30));

        // Then
        var reads = cloud.calls().since(marker).stream()
                .filter(call -> call.method().equals("GET"))
                .toList();
        assertThat(reads.size()).isLessThanOrEqualTo(6);
        assertThat(active(2)).isEqualTo(3);
    }

    @Test
    void oneThatNeverEndsAddsNothingToTheOthers() {
        // Given
        create(30);
        octavia.run(Duration.ofMinutes(2));
        var without = timeToApply(1, 30, 2);
        cloud.setFaults(cloud.faults().with("nextChangesStuck", 1), octavia.now);
        desire(0, 3);
        octavia.run(Duration.ofSeconds(90));

        // When
        var with = timeToApply(1, 30, 3);

        // Then
        assertThat(status(0).appliedGeneration()).as("stuck").isEqualTo(1);
        assertThat(with).isLessThanOrEqualTo(without.plusMillis(500));
    }

    @Test
    void beginsNothingWhileOctaviaWantsToBeLeftAlone() {
        // Given
        create(30);
        octavia.run(Duration.ofMinutes(2));
        int marker = cloud.calls().size();
        cloud.setFaults(
                cloud.faults().withStorm(new Faults.Storm(1, 429, Duration.ofSeconds(20), true, "OCTAVIA")),
                octavia.now);

        // When
        var began = octavia.now;
        desire(0, 2);
        octavia.run(Duration.ofMillis(500));
        IntStream.range(1, 30).forEach(i -> desire(i, 2));
        octavia.run(Duration.ofSeconds(19));
        int meanwhile = cloud.calls().size() - marker;
        octavia.run(Duration.ofMinutes(1));

        // Then
        assertThat(octavia.now).isAfter(began.plusSeconds(60));
        assertThat(meanwhile).isEqualTo(1);
        assertThat(active(2)).isEqualTo(30);
        assertThat(octavia.outcomes)
                .filteredOn(each -> each.kind() == OutcomeKind.FAILED)
                .hasSize(1);
    }

    @Test
    void asksAtMostThreeTimesForEachWriteThatAStormHolds() {
        // Given
        create(30);
        octavia.run(Duration.ofMinutes(2));
        long writes = octavia.writes();
        int marker = cloud.calls().size();
        cloud.setFaults(
                cloud.faults().withStorm(new Faults.Storm(40, 503, Duration.ZERO, true, "OCTAVIA")), octavia.now);

        // When
        IntStream.range(0, 30).forEach(i -> desire(i, 2));
        octavia.run(Duration.ofMinutes(3));

        // Then
        assertThat(active(2)).isEqualTo(30);
        assertThat(octavia.writes() - writes).isEqualTo(30);
        assertThat(cloud.calls().since(marker).stream().filter(Call::mutating)).hasSizeLessThanOrEqualTo(90);
    }

    @Test
    void aPersonsChangeDoesNotWaitForResync() {
        // Given
        create(100);
        octavia.run(Duration.ofMinutes(5));
        IntStream.range(0, 100).forEach(this::removeMembers);
        long before = octavia.writes();
        var listed = octavia.now.plus(Duration.ofMinutes(11));
        while (octavia.writes() == before) {
            assertThat(octavia.step(listed)).as("drift is found").isTrue();
        }

        // When
        var began = octavia.now;
        int told = octavia.outcomes.size();
        desire(99, 2);
        while (status(99).appliedGeneration() < 2) {
            assertThat(octavia.step(began.plusSeconds(60))).isTrue();
        }

        // Then
        assertThat(Duration.between(began, octavia.now)).isLessThan(Duration.ofSeconds(3));
        var since = octavia.outcomes.subList(told, octavia.outcomes.size());
        assertThat(since.stream().takeWhile(each -> !each.call().startsWith(KEY + "99/")))
                .as("what began or ended before the person's change began")
                .hasSizeLessThanOrEqualTo(3 * settings.writesInFlight());
        octavia.run(Duration.ofMinutes(5));
        assertThat(octavia.writes() - before).isEqualTo(100);
    }

    private Duration timeToApply(int from, int to, long generation) {
        var began = octavia.now;
        IntStream.range(from, to).forEach(i -> desire(i, generation));
        while (IntStream.range(from, to).anyMatch(i -> status(i).appliedGeneration() < generation)) {
            if (!octavia.step(began.plusSeconds(120))) {
                throw new AssertionError("generation %d is not reached within 120 s".formatted(generation));
            }
        }
        return Duration.between(began, octavia.now);
    }

    private void create(int services) {
        octavia.open();
        for (int i = 0; i < services; i++) {
            octavia.put(Topics.ADDRESS_ALLOCATIONS, KEY + i, granted(i));
            desire(i, 1);
        }
        octavia.run(Duration.ofMinutes(5));
        assertThat(active(1)).isEqualTo(services);
    }

    private void desire(int service, long generation) {
        var desired = new DesiredSample()
                .uid("uid-" + service)
                .members(2 + (int) generation)
                .at(generation);
        octavia.put(Topics.DESIRED_LOAD_BALANCERS, KEY + service, desired);
    }

    /** Somebody empties a pool behind our back. */
    private void removeMembers(int service) {
        var id = status(service).loadBalancers().getFirst().id();
        var nothing = JsonNodeFactory.instance.objectNode();
        nothing.putArray("members");
        for (var pool : send("GET", "/v2.0/lbaas/pools", null).path("pools")) {
            if (pool.path("loadbalancers").path(0).path("id").asText().equals(id)) {
                send("PUT", "/v2.0/lbaas/pools/" + pool.path("id").asText() + "/members", nothing);
            }
        }
    }

    private JsonNode send(String method, String path, @Nullable JsonNode body) {
        var request = ModelRequest.of(OpenStackService.OCTAVIA, method, path)
                .withToken(cloud.tokenFor("k8s", "k8s", octavia.now));
        return cloud.handle(body == null ? request : request.withBody(body), octavia.now)
                .json();
    }

    private LoadBalancerStatus status(int service) {
        return octavia.status(KEY + service).orElseThrow();
    }

    private long active(long generation) {
        return octavia.tables.of(Topics.LOAD_BALANCER_STATUS).rows().values().stream()
                .filter(status ->
                        status.phase() == LoadBalancerPhase.ACTIVE && status.appliedGeneration() >= generation)
                .count();
    }

    private AddressAllocation granted(int service) {
        return new AddressAllocation(
                AllocationState.GRANTED,
                "cluster-1",
                "uid-" + service,
                1,
                1,
                "amphora",
                List.of(new GrantedVip(
                        IpFamily.IPV4, "10.2.1." + (service + 1), cloud.seeded().serviceSubnetId(), "")),
                1,
                List.of(),
                List.of(),
                null,
                "",
                0L);
    }
}
