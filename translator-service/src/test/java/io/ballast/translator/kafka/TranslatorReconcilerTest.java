package io.ballast.translator.kafka;

import static io.ballast.translator.translation.Fixtures.allocation;
import static io.ballast.translator.translation.Fixtures.gone;
import static io.ballast.translator.translation.Fixtures.present;
import static io.ballast.translator.translation.Fixtures.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ballast.runtime.shell.Output;
import io.ballast.schemas.Partitions;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.AddressType;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.ClaimState;
import io.ballast.schemas.contract.ClusterRecord;
import io.ballast.schemas.contract.DesiredReason;
import io.ballast.schemas.contract.DesiredState;
import io.ballast.schemas.contract.EndpointSliceSnapshot;
import io.ballast.schemas.contract.GoneReason;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.NodeAddress;
import io.ballast.schemas.contract.NodeSnapshot;
import io.ballast.schemas.contract.PortProtocol;
import io.ballast.schemas.contract.ServiceSnapshot;
import io.ballast.schemas.contract.SliceEndpoint;
import io.ballast.schemas.contract.SlicePort;
import io.ballast.schemas.contract.SnapshotState;
import io.ballast.translator.TestClusters;
import io.ballast.translator.translation.Fixtures;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TranslatorReconcilerTest {
    private static final String WEB = "demo/shop/web";
    private static final String LOST = "lost/shop/web";
    private static final String API = "demo/default/kubernetes";
    private static final String LB_1 = "11111111-0000-4000-8000-000000000001";
    private static final String LB_2 = "22222222-0000-4000-8000-000000000002";

    private final ReconcilerHarness world = new ReconcilerHarness(
            partitions -> new TranslatorReconciler(TestClusters.pods("demo"), partitions), Partitions.of(WEB, 12));

    @Test
    void aServiceOfAnUnknownClusterIsRefusedAndNothingDeleted() {
        var lost = new ReconcilerHarness(
                partitions -> new TranslatorReconciler(TestClusters.pods("demo"), partitions), Partitions.of(LOST, 12));
        lost.desired(LOST, Fixtures.desired(DesiredState.PRESENT, "u1", 1, 1));
        lost.open();

        lost.arrives(Topics.SERVICES, LOST, present("u1"));

        var desired = lost.row(Topics.DESIRED_LOAD_BALANCERS, LOST);
        assertThat(desired.state()).isEqualTo(DesiredState.REFUSED);
        assertThat(desired.reason()).isEqualTo(DesiredReason.CLUSTER_UNKNOWN);
        assertThat(desired.loadBalancers()).isNotEmpty();
    }

    @Test
    void aRecordThatIsTooLargeLeavesWhatIsThereAndTellsTheService() {
        world.open();
        world.arrives(Topics.SERVICES, WEB, present("u1"));
        var before = world.row(Topics.DESIRED_LOAD_BALANCERS, WEB);

        world.tooLarge(WEB, new Output<>(Topics.DESIRED_LOAD_BALANCERS, WEB, WEB, before));

        var desired = world.row(Topics.DESIRED_LOAD_BALANCERS, WEB);
        assertThat(desired.reason()).isEqualTo(DesiredReason.TOO_LARGE);
        assertThat(desired.message()).contains("3000000 bytes").contains("2000000");
        assertThat(desired.loadBalancers()).isEqualTo(before.loadBalancers());
    }

    @Test
    void nothingIsDecidedForAPartitionThatIsNotOwned() {
        assertThatThrownBy(() -> world.arrives(Topics.SERVICES, WEB, present("u1")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is not owned");
    }

    @Test
    void aServiceIsServedFromItsFirstRecordAndFollowsItsEndpoints() {
        world.open();

        world.arrives(Topics.SERVICES, WEB, present("u1"));
        assertThat(members()).isEmpty();
        assertThat(world.row(Topics.ADDRESS_CLAIMS, WEB).state()).isEqualTo(ClaimState.WANTED);

        world.arrives(Topics.ENDPOINT_SLICES, WEB + "/web-1", slice("10.1.0.11"));
        assertThat(members()).containsExactly("10.1.0.11");

        world.arrives(Topics.ENDPOINT_SLICES, WEB + "/web-1", null);
        assertThat(members()).isEmpty();
        assertThat(world.row(Topics.DESIRED_LOAD_BALANCERS, WEB).generation()).isEqualTo(3);
        assertThat(world.row(Topics.ADDRESS_CLAIMS, WEB).generation()).isEqualTo(1);
    }

    @Test
    void carriesWhatAPersonSaysOfOneLoadBalancerAlsoWhileTheServiceIsPaused() {
        world.open();
        world.arrives(Topics.SERVICES, WEB, present("u1"));
        var before = world.row(Topics.DESIRED_LOAD_BALANCERS, WEB);

        world.arrives(
                Topics.SERVICES,
                WEB,
                present(
                        "u1",
                        Map.of(
                                "ballast.io/recreate",
                                LB_2 + ", " + LB_1,
                                "ballast.io/abandon",
                                LB_1,
                                "ballast.io/paused",
                                "true")));

        var desired = world.row(Topics.DESIRED_LOAD_BALANCERS, WEB);
        assertThat(desired.recreate()).containsExactly(LB_1, LB_2);
        assertThat(desired.abandoned()).containsExactly(LB_1);
        assertThat(desired.loadBalancers()).isEqualTo(before.loadBalancers());
        assertThat(desired.generation()).isEqualTo(before.generation() + 1);
        assertThat(desired.reason()).isEqualTo(DesiredReason.PAUSED);
    }

    @Test
    void refusesIdsThatAreNone() {
        world.open();

        world.arrives(Topics.SERVICES, WEB, present("u1", Map.of("ballast.io/abandon", "shop/web")));

        var desired = world.row(Topics.DESIRED_LOAD_BALANCERS, WEB);
        assertThat(desired.reason()).isEqualTo(DesiredReason.INVALID_ANNOTATION);
        assertThat(desired.message()).contains("ballast.io/abandon").contains("ids of load balancers");
        assertThat(desired.abandoned()).isEmpty();
    }

    @Test
    void carriesWhatAPersonGaveUpOnWhenTheServiceGoes() {
        world.open();
        world.arrives(Topics.SERVICES, WEB, present("u1"));

        world.arrives(
                Topics.SERVICES,
                WEB,
                new ServiceSnapshot(
                        SnapshotState.GONE,
                        Fixtures.CLUSTER,
                        "u1",
                        "8",
                        GoneReason.DELETION_TIMESTAMP,
                        null,
                        List.of(LB_1)));

        var desired = world.row(Topics.DESIRED_LOAD_BALANCERS, WEB);
        assertThat(desired.state()).isEqualTo(DesiredState.ABSENT);
        assertThat(desired.abandoned()).containsExactly(LB_1);
    }

    @Test
    void theApiServersLoadBalancerOutlivesTheUidOfItsService() {
        var api = new ReconcilerHarness(
                partitions -> new TranslatorReconciler(TestClusters.pods("demo"), partitions), Partitions.of(API, 12));
        api.put(Topics.CLUSTERS, "demo", new ClusterRecord(Fixtures.CLUSTER, 1, null, List.of(), false));
        api.open();
        api.arrives(Topics.SERVICES, API, present("u1"));
        var before = api.row(Topics.DESIRED_LOAD_BALANCERS, API);

        api.arrives(Topics.SERVICES, API, Fixtures.gone("u1"));
        assertThat(api.row(Topics.DESIRED_LOAD_BALANCERS, API)).isEqualTo(before);
        api.arrives(Topics.SERVICES, API, present("u2"));

        assertThat(before.state()).isEqualTo(DesiredState.PRESENT);
        assertThat(api.row(Topics.DESIRED_LOAD_BALANCERS, API)).isEqualTo(before);
        assertThat(api.row(Topics.ADDRESS_CLAIMS, API).serviceUid()).isEqualTo("u1");
        assertThat(api.row(Topics.ADDRESS_CLAIMS, API).state()).isEqualTo(ClaimState.WANTED);
    }

    @Test
    void theApiServersLoadBalancerKeepsItsUidWhenTopicsAreLost() {
        var api = new ReconcilerHarness(
                partitions -> new TranslatorReconciler(TestClusters.pods("demo"), partitions), Partitions.of(API, 12));
        api.put(
                Topics.LOAD_BALANCER_STATUS,
                API,
                new LoadBalancerStatus(
                        LoadBalancerPhase.OBSERVED,
                        Fixtures.CLUSTER,
                        "u1",
                        0,
                        0,
                        0,
                        null,
                        "",
                        null,
                        List.of(),
                        List.of()));
        api.put(Topics.CLUSTERS, "demo", new ClusterRecord(Fixtures.CLUSTER, 1, null, List.of(), false));
        api.open();

        api.arrives(Topics.SERVICES, API, present("u2"));

        assertThat(api.row(Topics.DESIRED_LOAD_BALANCERS, API).state()).isEqualTo(DesiredState.PRESENT);
        assertThat(api.row(Topics.DESIRED_LOAD_BALANCERS, API).serviceUid()).isEqualTo("u1");
    }

    @Test
    void slicesOfAServiceWithALongerNameAreNotItsOwn() {
        world.open();
        world.put(Topics.ENDPOINT_SLICES, WEB + "-2/web-2-1", slice("10.1.0.99"));

        world.arrives(Topics.SERVICES, WEB, present("u1"));

        assertThat(members()).isEmpty();
    }

    @Test
    void startingAgainWritesNothing() {
        world.open();
        world.arrives(Topics.SERVICES, WEB, present("u1"));
        world.arrives(Topics.ENDPOINT_SLICES, WEB + "/web-1", slice("10.1.0.11"));

        world.closeAndOpen();

        assertThat(world.written()).isEmpty();
    }

    @Test
    void aServiceThatIsGoneIsAnsweredOnceAndAgainWhenItIsSaidAgain() {
        world.open();
        world.arrives(Topics.SERVICES, WEB, present("u1"));
        world.arrives(Topics.SERVICES, WEB, gone("u1"));
        world.arrives(Topics.LOAD_BALANCER_STATUS, WEB, status(LoadBalancerPhase.DELETED, "u1", 1));
        world.arrives(Topics.ADDRESS_ALLOCATIONS, WEB, allocation(AllocationState.RELEASED, "u1", 1));
        assertThat(world.has(Topics.DESIRED_LOAD_BALANCERS, WEB)).isFalse();
        assertThat(world.has(Topics.ADDRESS_CLAIMS, WEB)).isFalse();

        world.arrives(Topics.LOAD_BALANCER_STATUS, WEB, null);
        world.arrives(Topics.ADDRESS_ALLOCATIONS, WEB, null);
        assertThat(world.has(Topics.DESIRED_LOAD_BALANCERS, WEB)).isFalse();

        world.arrives(Topics.SERVICES, WEB, gone("u1"));
        assertThat(world.row(Topics.DESIRED_LOAD_BALANCERS, WEB).state()).isEqualTo(DesiredState.ABSENT);
    }

    @Test
    void changesOfNodesAreCollectedForASecondAndOnlyWhereNodesAreMembers() {
        world.open();
        world.arrives(Topics.SERVICES, WEB, present("u1"));
        world.arrivesUnseen(Topics.NODES, "demo/n1", node("192.168.0.11"));
        assertThat(world.timers()).isEmpty();

        var onNodes = new ReconcilerHarness(
                partitions -> new TranslatorReconciler(TestClusters.nodes("demo"), partitions), Partitions.of(WEB, 12));
        onNodes.open();
        onNodes.arrives(Topics.SERVICES, WEB, present("u1"));
        onNodes.arrivesUnseen(Topics.NODES, "demo/n1", node("192.168.0.11"));
        onNodes.arrivesUnseen(Topics.NODES, "other/n1", node("192.168.0.11"));
        assertThat(onNodes.timers())
                .containsExactly(Map.entry(WEB, ReconcilerHarness.NOW.plus(TranslatorReconciler.NODES_COLLECTED)));
    }

    @Test
    void aServiceOnNodesWaitsForTheFirstNodeWhereNodesAreWatched() {
        var onNodes = new ReconcilerHarness(
                partitions -> new TranslatorReconciler(TestClusters.nodes("demo"), partitions), Partitions.of(WEB, 12));
        onNodes.open();

        onNodes.arrives(Topics.SERVICES, WEB, present("u1"));
        onNodes.arrives(Topics.CLUSTERS, "demo", new ClusterRecord(Fixtures.CLUSTER, 1, null, List.of(), true));
        assertThat(onNodes.has(Topics.DESIRED_LOAD_BALANCERS, WEB)).isFalse();

        onNodes.arrivesUnseen(Topics.NODES, "demo/n1", node("192.168.0.11"));
        onNodes.passes(WEB, ReconcilerHarness.NOW);
        assertThat(onNodes.has(Topics.DESIRED_LOAD_BALANCERS, WEB)).isFalse(); // there may be more of them

        onNodes.passes(WEB, ReconcilerHarness.NOW.plus(TranslatorReconciler.NODES_COLLECTED));
        assertThat(onNodes.has(Topics.DESIRED_LOAD_BALANCERS, WEB)).isTrue();
    }

    @Test
    void aServiceOnNodesIsAnsweredWhereNodesAreNotWatched() {
        var onNodes = new ReconcilerHarness(
                partitions -> new TranslatorReconciler(TestClusters.nodes("demo"), partitions), Partitions.of(WEB, 12));
        onNodes.open();
        onNodes.arrives(Topics.SERVICES, WEB, present("u1"));

        onNodes.arrivesUnseen(Topics.CLUSTERS, "demo", new ClusterRecord(Fixtures.CLUSTER, 1, null, List.of(), false));

        assertThat(onNodes.timers()).containsExactly(Map.entry(WEB, ReconcilerHarness.NOW));
        onNodes.passes(WEB, ReconcilerHarness.NOW);
        assertThat(onNodes.has(Topics.DESIRED_LOAD_BALANCERS, WEB)).isTrue();
    }

    private List<String> members() {
        return world.row(Topics.DESIRED_LOAD_BALANCERS, WEB).loadBalancers().getFirst().pools().stream()
                .flatMap(pool -> pool.members().stream())
                .map(member -> member.address())
                .toList();
    }

    private static EndpointSliceSnapshot slice(String address) {
        return new EndpointSliceSnapshot(
                Fixtures.CLUSTER,
                "slice-uid",
                "1",
                AddressType.IPV4,
                "",
                List.of(new SlicePort(null, PortProtocol.TCP, 8080)),
                List.of(new SliceEndpoint(List.of(address), true, true, false, null, null, null)));
    }

    private static NodeSnapshot node(String address) {
        return new NodeSnapshot(
                Fixtures.CLUSTER,
                "node-uid",
                List.of(new NodeAddress("InternalIP", address)),
                true,
                false,
                Map.of(),
                false);
    }
}
