package io.ballast.testbed.octavia;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ballast.octavia.kafka.OctaviaSettings;
import io.ballast.octavia.loadbalancer.Policy;
import io.ballast.runtime.shell.Tables;
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
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.OutcomeKind;
import io.ballast.schemas.contract.PoolProtocol;
import io.ballast.schemas.contract.ServiceType;
import io.ballast.schemas.contract.StatusReason;
import io.ballast.testbed.openstack.Faults;
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

/** octavia-service over the OpenStack model: what it writes, what it says. */
class OctaviaOnModelTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final String KEY = "demo/shop/web";
    private static final Duration A_MINUTE = Duration.ofMinutes(1);

    private final OpenStackModel cloud = new OpenStackModel(OpenStackModel.Settings.of(Timing.measured()), START);
    private final OctaviaSettings settings =
            new OctaviaSettings(Policy.DEFAULT, 1, 4, 16, Duration.ofMinutes(10), Duration.ofMinutes(5));
    private final Harness octavia = new Harness(cloud, settings, START);

    @Test
    void createsEverythingWithOneWrite() {
        // When
        create(3);

        // Then
        assertThat(octavia.writes()).isEqualTo(1);
        var status = octavia.status(KEY).orElseThrow();
        assertThat(status.phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
        assertThat(status.appliedGeneration()).isEqualTo(1);
        assertThat(status.loadBalancers().getFirst().listeners().getFirst().members())
                .isEqualTo(3);
        assertThat(octavia.outcomes)
                .extracting(each -> each.kind())
                .containsExactly(OutcomeKind.STARTED, OutcomeKind.DONE);
        assertThat(octavia.statuses).extracting(LoadBalancerStatus::phase).startsWith(LoadBalancerPhase.CREATING);
        assertThat(octavia.written).contains("inventories 0");
    }

    @Test
    void scalesWithOneWriteAndReadsLittle() {
        // Given
        create(3);
        long writes = octavia.writes();
        int reads = octavia.reads;

        // When
        octavia.put(Topics.DESIRED_LOAD_BALANCERS, KEY, present(2, 50));
        octavia.run(A_MINUTE);

        // Then
        assertThat(octavia.writes() - writes).isEqualTo(1);
        assertThat(octavia.status(KEY).orElseThrow().appliedGeneration()).isEqualTo(2);
        assertThat(octavia.reads - reads).isLessThan(15);
    }

    @Test
    void writesNothingWhenNothingChangedAlsoAfterARestart() {
        // Given
        create(3);
        long writes = octavia.writes();
        int published = octavia.statuses.size();
        int reads = octavia.reads;

        // When
        octavia.restart();
        octavia.run(Duration.ofMinutes(30));

        // Then
        assertThat(octavia.writes()).isEqualTo(writes);
        assertThat(octavia.statuses).hasSize(published);
        assertThat(octavia.reads - reads).isLessThan(15);
    }

    @Test
    void readsAtAStartWhatALateCallOfAnEarlierOwnerChanged() {
        // Given
        create(3);
        addMember("10.1.9.9");
        octavia.now = octavia.now.plusSeconds(30);

        // When
        octavia.restart();
        octavia.run(A_MINUTE);

        // Then
        assertThat(pool().path("members")).hasSize(3);
    }

    @Test
    void readsAfterATakeOverWhatALateCallChangedBetweenTwoWrites() {
        // Given
        create(3);
        addMember("10.1.9.9");
        octavia.now = octavia.now.plusSeconds(30);
        octavia.put(Topics.DESIRED_LOAD_BALANCERS, KEY, present(2, 4));
        octavia.run(A_MINUTE);

        // When
        octavia.run(Duration.ofMinutes(10));

        // Then
        assertThat(pool().path("members")).hasSize(4);
    }

    @Test
    void createsManyWithFewAtATimeAndOneWriteEach() {
        // Given
        int services = 60;
        octavia.open();
        for (int i = 0; i < services; i++) {
            var uid = "uid-" + i;
            octavia.put(Topics.ADDRESS_ALLOCATIONS, KEY + i, vip(uid(granted(List.of()), uid), "10.2.1." + i));
            octavia.put(Topics.DESIRED_LOAD_BALANCERS, KEY + i, uid(present(1, 3), uid));
        }

        // When
        octavia.run(Duration.ofMinutes(20));

        // Then
        assertThat(octavia.writes()).isEqualTo(services);
        assertThat(octavia.mostCreatesAtATime).isEqualTo(4);
        for (int i = 0; i < services; i++) {
            assertThat(octavia.status(KEY + i).orElseThrow().phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
        }
        assertThat(octavia.looks).isLessThan(services * 6);
    }

    @Test
    void deletesWithOneWriteAndSaysSoOnlyWhenNothingIsLeft() {
        // Given
        create(3);
        long writes = octavia.writes();

        // When
        octavia.put(Topics.DESIRED_LOAD_BALANCERS, KEY, absent());
        octavia.run(A_MINUTE);

        // Then
        assertThat(octavia.writes() - writes).isEqualTo(1);
        assertThat(octavia.status(KEY).orElseThrow().phase()).isEqualTo(LoadBalancerPhase.DELETED);
        assertThat(cloud.inventory().loadBalancers()).isEmpty();

        // When the translator lets go
        octavia.put(Topics.DESIRED_LOAD_BALANCERS, KEY, null);
        octavia.run(A_MINUTE);

        // Then
        assertThat(octavia.status(KEY)).isEmpty();
    }

    @Test
    void answersADeletionOfWhatNeverExisted() {
        // Given
        octavia.open();

        // When
        octavia.put(Topics.DESIRED_LOAD_BALANCERS, KEY, absent());
        octavia.run(A_MINUTE);

        // Then
        assertThat(octavia.status(KEY).orElseThrow().phase()).isEqualTo(LoadBalancerPhase.DELETED);
        assertThat(octavia.writes()).isZero();
    }

    @Test
    void makesNoSecondLoadBalancerWhenTheAnswerIsLost() {
        // Given
        cloud.setFaults(Faults.none().with("nextAnswersLost", 1), START);

        // When
        create(3);
        octavia.run(Duration.ofMinutes(5));

        // Then
        assertThat(cloud.inventory().loadBalancers()).hasSize(1);
        assertThat(octavia.outcomes).extracting(each -> each.kind()).contains(OutcomeKind.UNKNOWN);
        assertThat(octavia.status(KEY).orElseThrow().phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
    }

    @Test
    void makesNoSecondLoadBalancerWhenKilledAtAnyStep() {
        for (int kill = 1; kill < 25; kill++) {
            var fresh = new OpenStackModel(OpenStackModel.Settings.of(Timing.measured()), START);
            var process = new Harness(fresh, settings, START);
            process.open();
            process.put(Topics.ADDRESS_ALLOCATIONS, KEY, granted(List.of()));
            process.put(Topics.DESIRED_LOAD_BALANCERS, KEY, present(1, 3));
            for (int step = 0; step < kill; step++) {
                process.step(START.plus(A_MINUTE));
            }
            process.restart();
            process.run(Duration.ofMinutes(12));
            assertThat(fresh.inventory().loadBalancers())
                    .as("killed at %d", kill)
                    .hasSize(1);
            assertThat(process.status(KEY).orElseThrow().phase())
                    .as("killed at %d", kill)
                    .isEqualTo(LoadBalancerPhase.ACTIVE);
            process.put(Topics.DESIRED_LOAD_BALANCERS, KEY, absent());
            for (int step = 0; step < kill % 7; step++) {
                process.step(process.now.plus(A_MINUTE));
            }
            process.restart();
            process.run(Duration.ofMinutes(12));
            assertThat(fresh.inventory().loadBalancers())
                    .as("killed at %d", kill)
                    .isEmpty();
            assertThat(process.status(KEY).orElseThrow().phase()).isEqualTo(LoadBalancerPhase.DELETED);
        }
    }

    @Test
    void publishesWhatItFindsWhenAllTopicsAreLostAndTakesItOverAgain() {
        // Given
        create(3);
        long writes = octavia.writes();
        octavia.tables = Tables.fixture();

        // When
        octavia.restart();
        octavia.run(A_MINUTE);

        // Then
        var observed = octavia.status(KEY).orElseThrow();
        assertThat(observed.phase()).isEqualTo(LoadBalancerPhase.OBSERVED);
        assertThat(observed.serviceUid()).isEqualTo("uid-1");
        assertThat(octavia.written.getLast()).isEqualTo("inventories 0");

        // When the others have read their topics
        octavia.put(Topics.DESIRED_LOAD_BALANCERS, KEY, present(1, 3));
        octavia.put(Topics.ADDRESS_ALLOCATIONS, KEY, granted(List.of()));
        octavia.run(A_MINUTE);

        // Then
        assertThat(octavia.writes()).isEqualTo(writes);
        assertThat(octavia.status(KEY).orElseThrow().phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
    }

    @Test
    void associatesTheFloatingIpThatWasGranted() {
        // Given
        var floatingIp = floatingIp();
        octavia.open();
        octavia.put(Topics.ADDRESS_ALLOCATIONS, KEY, granted(List.of(floatingIp)));
        octavia.put(Topics.DESIRED_LOAD_BALANCERS, KEY, present(1, 3));

        // When
        octavia.run(A_MINUTE);

        // Then
        var status = octavia.status(KEY).orElseThrow();
        assertThat(status.phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
        assertThat(status.externals()).singleElement().satisfies(external -> {
            assertThat(external.address()).isEqualTo(floatingIp.address());
            assertThat(external.ours()).isTrue();
        });
    }

    @Test
    void mendsWhatTheWorkerLeftPending() {
        // Given
        cloud.setFaults(Faults.none().with("childrenStayPending", true), START);

        // When
        create(3);
        octavia.run(A_MINUTE);

        // Then
        assertThat(octavia.status(KEY).orElseThrow().phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
        assertThat(octavia.writes()).isBetween(2L, 4L);
    }

    @Test
    void makesAFailedCreateAnewAlsoWhenItsAnswerIsLostAndTheProcessDies() {
        // Given
        cloud.setFaults(Faults.none().with("nextCreatesFail", 1).with("nextAnswersLost", 1), START);
        octavia.open();
        octavia.put(Topics.ADDRESS_ALLOCATIONS, KEY, granted(List.of()));
        octavia.put(Topics.DESIRED_LOAD_BALANCERS, KEY, present(1, 3));
        octavia.run(Duration.ofSeconds(1));

        // When
        octavia.restart();
        octavia.run(Duration.ofMinutes(10));

        // Then
        assertThat(octavia.status(KEY).orElseThrow().phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
    }

    @Test
    void makesAFailedCreateAnewAndSucceeds() {
        // Given
        cloud.setFaults(Faults.none().with("nextCreatesFail", 1), START);

        // When
        create(3);
        octavia.run(A_MINUTE);

        // Then
        assertThat(octavia.status(KEY).orElseThrow().phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
        assertThat(cloud.inventory().loadBalancers()).hasSize(1);
    }

    @Test
    void movesToANewFloatingIpAndLetsTheOldOneGo() {
        // Given
        var old = floatingIp();
        var next = floatingIp();
        octavia.open();
        octavia.put(Topics.ADDRESS_ALLOCATIONS, KEY, granted(List.of(old)));
        octavia.put(Topics.DESIRED_LOAD_BALANCERS, KEY, present(1, 3));
        octavia.run(A_MINUTE);

        // When
        octavia.put(Topics.ADDRESS_ALLOCATIONS, KEY, granted(List.of(next), List.of(old)));
        octavia.run(A_MINUTE);

        // Then
        assertThat(octavia.status(KEY).orElseThrow().externals())
                .extracting(external -> external.address())
                .containsExactly(next.address());
    }

    @Test
    void saysThatAFloatingIpIsNotThereUntilOthersAreGranted() {
        // Given
        octavia.open();
        octavia.put(
                Topics.ADDRESS_ALLOCATIONS,
                KEY,
                granted(List.of(
                        external(AllocationState.GRANTED, "172.24.4.9", "0b1e2c3d-0000-0000-0000-000000000009"))));
        octavia.put(Topics.DESIRED_LOAD_BALANCERS, KEY, present(1, 3));
        octavia.run(A_MINUTE);
        assertThat(octavia.status(KEY).orElseThrow().reason()).isEqualTo(StatusReason.FLOATING_IP_GONE);

        // When
        octavia.put(Topics.ADDRESS_ALLOCATIONS, KEY, granted(List.of(external(AllocationState.WAITING, null, null))));
        octavia.run(Duration.ofSeconds(1));

        // Then
        assertThat(octavia.status(KEY).orElseThrow().phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
        assertThat(octavia.status(KEY).orElseThrow().reason()).isEqualTo(StatusReason.EXTERNAL_WAITING);

        // When
        octavia.put(Topics.ADDRESS_ALLOCATIONS, KEY, granted(List.of(floatingIp())));
        octavia.run(A_MINUTE);

        // Then
        assertThat(octavia.status(KEY).orElseThrow().reason()).isNull();
        assertThat(octavia.status(KEY).orElseThrow().externals()).hasSize(1);
    }

    @Test
    void deletesWhatAnEarlierServiceOfTheSameNameLeft() {
        // Given
        create(3);
        var later = uid(present(1, 3), "uid-2");

        // When
        octavia.put(Topics.ADDRESS_ALLOCATIONS, KEY, null);
        octavia.put(Topics.DESIRED_LOAD_BALANCERS, KEY, later);
        octavia.restart();
        octavia.put(Topics.ADDRESS_ALLOCATIONS, KEY, uid(granted(List.of()), "uid-2"));
        octavia.run(A_MINUTE);

        // Then
        assertThat(cloud.inventory().loadBalancers()).hasSize(1);
        assertThat(octavia.status(KEY).orElseThrow().serviceUid()).isEqualTo("uid-2");
        assertThat(octavia.status(KEY).orElseThrow().phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
    }

    @Test
    void leavesAloneWhatIsNotOurs() {
        // Given
        foreign("ballast");
        foreign("ballast:service:uid-1");

        // When
        create(3);
        octavia.put(Topics.DESIRED_LOAD_BALANCERS, KEY, absent());
        octavia.run(Duration.ofMinutes(12));

        // Then
        assertThat(octavia.status(KEY).orElseThrow().phase()).isEqualTo(LoadBalancerPhase.DELETED);
        assertThat(cloud.inventory().loadBalancers()).hasSize(2);
    }

    @Test
    void collapsesABurstOfChangesIntoOneWriteAndTheWriteUnderWay() {
        // Given
        create(3);
        long writes = octavia.writes();

        // When
        for (int generation = 2; generation < 12; generation++) {
            octavia.put(Topics.DESIRED_LOAD_BALANCERS, KEY, present(generation, generation + 10));
            octavia.run(Duration.ofMillis(50));
        }
        octavia.run(A_MINUTE);

        // Then
        assertThat(octavia.writes() - writes).isEqualTo(2);
        assertThat(octavia.status(KEY).orElseThrow().appliedGeneration()).isEqualTo(11);
    }

    @Test
    void comesThroughAStormOfRefusalsAndBreakage() {
        for (int status : List.of(429, 500, 503)) {
            var fresh = new OpenStackModel(OpenStackModel.Settings.of(Timing.measured()), START);
            fresh.setFaults(
                    Faults.none().withStorm(new Faults.Storm(12, status, Duration.ofSeconds(1), false, "OCTAVIA")),
                    START);
            var process = new Harness(fresh, settings, START);
            process.open();
            process.put(Topics.ADDRESS_ALLOCATIONS, KEY, granted(List.of()));
            process.put(Topics.DESIRED_LOAD_BALANCERS, KEY, present(1, 3));
            process.run(Duration.ofMinutes(15));
            assertThat(process.status(KEY).orElseThrow().phase())
                    .as("after %d", status)
                    .isEqualTo(LoadBalancerPhase.ACTIVE);
            assertThat(fresh.inventory().loadBalancers()).hasSize(1);
        }
    }

    @Test
    void saysWhichMemberIsRefusedAndServesTheRest() {
        // Given
        create(3);
        var body = present(2, 5);
        var bad = withMember(body, new DesiredMember("bad", "not-an-address", 8080, 1, null, null, null, false));

        // When
        octavia.put(Topics.DESIRED_LOAD_BALANCERS, KEY, bad);
        octavia.run(A_MINUTE);

        // Then
        var status = octavia.status(KEY).orElseThrow();
        assertThat(status.phase()).isEqualTo(LoadBalancerPhase.DEGRADED);
        assertThat(status.reason()).isEqualTo(StatusReason.PARTLY_REFUSED);
        assertThat(status.message()).contains("not-an-address");
        assertThat(status.loadBalancers().getFirst().listeners().getFirst().members())
                .isEqualTo(5);
    }

    @Test
    void reportsAQuotaAndGoesOnWhenItIsRaised() {
        // Given
        cloud.setFaults(Faults.none().withQuota("loadbalancer", 0), START);
        create(3);
        assertThat(octavia.status(KEY).orElseThrow().reason()).isEqualTo(StatusReason.QUOTA_EXCEEDED);

        // When
        cloud.setFaults(Faults.none(), octavia.now);
        octavia.run(Duration.ofMinutes(6));

        // Then
        assertThat(octavia.status(KEY).orElseThrow().phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
    }

    @Test
    void repairsWhatSomebodyElseChanged() {
        // Given
        create(3);
        var listener = octavia.status(KEY)
                .orElseThrow()
                .loadBalancers()
                .getFirst()
                .listeners()
                .getFirst();
        cloud.handle(
                ModelRequest.of(OpenStackService.OCTAVIA, "DELETE", "/v2.0/lbaas/listeners/" + listener.id())
                        .withToken(cloud.tokenFor("k8s", "k8s", octavia.now)),
                octavia.now);

        // When
        octavia.run(Duration.ofMinutes(11));

        // Then
        var status = octavia.status(KEY).orElseThrow();
        assertThat(status.phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
        assertThat(status.loadBalancers().getFirst().listeners()).hasSize(1);
    }

    @Test
    void waitsForAddressesAndForCredentials() {
        // Given
        octavia.open();
        octavia.put(Topics.DESIRED_LOAD_BALANCERS, KEY, present(1, 3));
        octavia.run(A_MINUTE);
        var poor = new Harness(cloud, settings.withPolicy(Policy.DEFAULT.withoutCredentials()), START);
        poor.open();
        poor.put(Topics.DESIRED_LOAD_BALANCERS, KEY, present(1, 3));
        poor.put(Topics.ADDRESS_ALLOCATIONS, KEY, granted(List.of()));

        // When
        poor.run(A_MINUTE);

        // Then
        assertThat(octavia.status(KEY).orElseThrow().reason()).isEqualTo(StatusReason.ADDRESS_WAITING);
        assertThat(poor.status(KEY).orElseThrow().reason()).isEqualTo(StatusReason.NO_CREDENTIALS);
        assertThat(octavia.writes()).isZero();
    }

    @Test
    void saysWhereAChangeWaitsThatOpenStackIsSilentAndDoesItAfterwards() {
        // Given
        create(3);
        var other = "demo/shop/other";
        octavia.put(Topics.ADDRESS_ALLOCATIONS, other, uid(vip(granted(List.of()), "10.2.0.6"), "uid-2"));
        octavia.put(Topics.DESIRED_LOAD_BALANCERS, other, uid(present(1, 2), "uid-2"));
        octavia.run(A_MINUTE);
        int published = octavia.statuses.size();
        long writes = octavia.writes();
        octavia.silent = true;

        // When
        octavia.put(Topics.DESIRED_LOAD_BALANCERS, KEY, present(2, 5));
        octavia.run(A_MINUTE);

        // Then
        assertThat(octavia.status(KEY).orElseThrow().phase()).isEqualTo(LoadBalancerPhase.UPDATING);
        assertThat(octavia.status(KEY).orElseThrow().reason()).isEqualTo(StatusReason.OPENSTACK_UNAVAILABLE);
        assertThat(octavia.status(KEY).orElseThrow().appliedGeneration()).isEqualTo(1);
        octavia.run(Duration.ofMinutes(10));
        assertThat(octavia.status(KEY).orElseThrow().message()).contains("nothing since 2026-01-01T00:0");
        assertThat(octavia.statuses.subList(published, octavia.statuses.size()))
                .as("neither a record for each try nor one for the Service that waits for nothing")
                .hasSizeLessThanOrEqualTo(3)
                .allMatch(status -> status.serviceUid().equals("uid-1"));
        octavia.silent = false;
        octavia.run(Duration.ofMinutes(2));
        assertThat(octavia.status(KEY).orElseThrow().phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
        assertThat(octavia.status(KEY).orElseThrow().appliedGeneration()).isEqualTo(2);
        assertThat(octavia.status(KEY).orElseThrow().reason()).isNull();
        assertThat(octavia.writes() - writes).isEqualTo(1);
    }

    @Test
    void doesNotCallItServingWhatChangedWhileItStartsBesideASilentOpenStack() {
        // Given
        create(3);
        octavia.silent = true;

        // When
        octavia.restart();
        octavia.run(A_MINUTE);
        var unchanged = octavia.status(KEY).orElseThrow();
        octavia.put(Topics.DESIRED_LOAD_BALANCERS, KEY, present(2, 5));
        octavia.run(A_MINUTE);

        // Then
        assertThat(unchanged.phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
        assertThat(octavia.status(KEY).orElseThrow().phase()).isEqualTo(LoadBalancerPhase.UPDATING);
        assertThat(octavia.status(KEY).orElseThrow().reason()).isEqualTo(StatusReason.OPENSTACK_UNAVAILABLE);
    }

    private void create(int members) {
        octavia.open();
        octavia.put(Topics.ADDRESS_ALLOCATIONS, KEY, granted(List.of()));
        octavia.put(Topics.DESIRED_LOAD_BALANCERS, KEY, present(1, members));
        octavia.run(A_MINUTE);
    }

    private void foreign(String tag) {
        var body = JsonNodeFactory.instance.objectNode();
        var inner = body.putObject("loadbalancer")
                .put("name", "shop/web")
                .put("vip_subnet_id", cloud.seeded().serviceSubnetId());
        inner.putArray("tags").add(tag);
        cloud.handle(
                ModelRequest.of(OpenStackService.OCTAVIA, "POST", "/v2.0/lbaas/loadbalancers")
                        .withBody(body)
                        .withToken(cloud.tokenFor("k8s", "k8s", START)),
                START);
    }

    private void addMember(String address) {
        var body = JsonNodeFactory.instance.objectNode();
        body.putObject("member").put("address", address).put("protocol_port", 80);
        send("POST", "/v2.0/lbaas/pools/" + pool().path("id").asText() + "/members", body);
    }

    private JsonNode pool() {
        return send("GET", "/v2.0/lbaas/pools", null).path("pools").get(0);
    }

    private JsonNode send(String method, String path, @Nullable JsonNode body) {
        var request = ModelRequest.of(OpenStackService.OCTAVIA, method, path)
                .withToken(cloud.tokenFor("k8s", "k8s", octavia.now));
        return cloud.handle(body == null ? request : request.withBody(body), octavia.now)
                .json();
    }

    private static DesiredLoadBalancer withMember(DesiredLoadBalancer desired, DesiredMember member) {
        var body = desired.loadBalancers().getFirst();
        var pool = body.pools().getFirst();
        var members = new ArrayList<>(pool.members());
        members.add(member);
        var more = new DesiredPool(pool.name(), pool.protocol(), pool.algorithm(), null, null, null, members);
        return desired(
                desired.state(),
                desired.generation(),
                List.of(new DesiredLoadBalancerBody(
                        body.name(),
                        body.provider(),
                        null,
                        null,
                        body.families(),
                        body.tags(),
                        body.listeners(),
                        List.of(more))));
    }

    private AddressAllocation vip(AddressAllocation granted, String address) {
        return new AddressAllocation(
                granted.state(),
                granted.clusterUid(),
                granted.serviceUid(),
                granted.incarnation(),
                1,
                granted.provider(),
                List.of(new GrantedVip(IpFamily.IPV4, address, cloud.seeded().serviceSubnetId(), "")),
                1,
                granted.externals(),
                granted.lettingGo(),
                null,
                "",
                0L);
    }

    private static DesiredLoadBalancer uid(DesiredLoadBalancer desired, String uid) {
        return new DesiredLoadBalancer(
                desired.state(),
                desired.clusterUid(),
                uid,
                "1",
                desired.incarnation(),
                desired.generation(),
                null,
                "",
                desired.serviceType(),
                false,
                List.of(),
                desired.loadBalancers());
    }

    private static AddressAllocation uid(AddressAllocation granted, String uid) {
        return new AddressAllocation(
                granted.state(),
                granted.clusterUid(),
                uid,
                granted.incarnation(),
                1,
                granted.provider(),
                granted.vips(),
                1,
                granted.externals(),
                granted.lettingGo(),
                null,
                "",
                0L);
    }

    private GrantedExternal floatingIp() {
        var made = cloud.handle(
                new ModelRequest(
                        OpenStackService.NEUTRON,
                        "POST",
                        "/v2.0/floatingips",
                        Map.of(),
                        Map.of("x-auth-token", cloud.tokenFor("k8s", "k8s", START)),
                        JsonNodeFactory.instance
                                .objectNode()
                                .set(
                                        "floatingip",
                                        JsonNodeFactory.instance
                                                .objectNode()
                                                .put(
                                                        "floating_network_id",
                                                        cloud.seeded().publicNetworkId()))),
                START);
        var node = made.json().path("floatingip");
        return external(
                AllocationState.GRANTED,
                node.path("floating_ip_address").asText(),
                node.path("id").asText());
    }

    private GrantedExternal external(AllocationState state, @Nullable String address, @Nullable String floatingIpId) {
        return new GrantedExternal(
                IpFamily.IPV4,
                ExternalMethod.POOL,
                state,
                address,
                floatingIpId,
                cloud.seeded().publicNetworkId(),
                "public",
                true,
                null,
                "");
    }

    private AddressAllocation granted(List<GrantedExternal> externals, List<GrantedExternal> lettingGo) {
        return new AddressAllocation(
                AllocationState.GRANTED,
                "cluster-1",
                "uid-1",
                1,
                1,
                "amphora",
                List.of(new GrantedVip(IpFamily.IPV4, "10.2.0.5", cloud.seeded().serviceSubnetId(), "")),
                1,
                externals,
                lettingGo,
                null,
                "",
                0L);
    }

    private AddressAllocation granted(List<GrantedExternal> externals) {
        return granted(externals, List.of());
    }

    private static DesiredLoadBalancer absent() {
        return desired(DesiredState.ABSENT, 9, List.of());
    }

    private static DesiredLoadBalancer present(long generation, int members) {
        return desired(
                DesiredState.PRESENT,
                generation,
                List.of(new DesiredLoadBalancerBody(
                        "shop/web",
                        "",
                        null,
                        null,
                        List.of(IpFamily.IPV4),
                        List.of(),
                        List.of(new DesiredListener(
                                "shop/web:TCP:80",
                                ListenerProtocol.TCP,
                                80,
                                "shop/web:TCP:80",
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                Map.of(),
                                null,
                                List.of())),
                        List.of(new DesiredPool(
                                "shop/web:TCP:80",
                                PoolProtocol.TCP,
                                LbAlgorithm.ROUND_ROBIN,
                                null,
                                null,
                                null,
                                IntStream.rangeClosed(1, members)
                                        .mapToObj(last -> new DesiredMember(
                                                "pod-" + last, "10.1.0." + last, 8080, 1, null, null, null, false))
                                        .toList())))));
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
}
