package io.ballast.watcher.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.ClusterRecord;
import io.ballast.schemas.contract.ServiceType;
import io.ballast.watcher.snapshot.Kind;
import io.ballast.watcher.snapshot.Snapshots;
import io.ballast.watcher.snapshot.WatcherCall;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The cluster it watches, and the watches themselves. */
class WatcherClusterTest {
    private final Bench bench = new Bench(true);

    @Test
    void waitsWhileKubernetesDoesNotAnswerAndSaysSo() {
        bench.kubernetes.isDown = true;

        bench.start().after(Duration.ofMinutes(10));

        assertThat(bench.written).isEmpty();
        assertThat(bench.reconciler.standing().isReady()).isFalse();
        assertThat(bench.reconciler.standing().waitsFor()).contains("connection refused");
        assertThat(bench.kubernetes.calls).hasSizeBetween(10, 25);
    }

    @Test
    void beginsWhenKubernetesAnswersAtLast() {
        bench.kubernetes.isDown = true;
        bench.kubernetes.put(Given.service("web", "u1", ServiceType.CLUSTER_IP));
        bench.start().after(Duration.ofMinutes(10));

        bench.kubernetes.isDown = false;
        bench.after(Duration.ofMinutes(2));

        assertThat(bench.row("web")).isNotNull();
        assertThat(bench.reconciler.standing().isReady()).isTrue();
    }

    @Test
    void refusesAClusterRecordedWithAnotherUid() {
        bench.tables.put(Topics.CLUSTERS, "c1", new ClusterRecord("other-uid", 4, null, List.of(), false));
        bench.kubernetes.put(Given.service("web", "u1", ServiceType.CLUSTER_IP));

        bench.start();

        assertThat(bench.written).isEmpty();
        assertThat(bench.reconciler.standing().refusal())
                .hasValueSatisfying(words -> assertThat(words)
                        .contains("other-uid", Given.CLUSTER_UID, "ballast clusters forget --cluster c1"));
    }

    @Test
    void refusesAClusterThatIsRecordedUnderAnotherName() {
        bench.tables.put(Topics.CLUSTERS, "old", new ClusterRecord(Given.CLUSTER_UID, 4, null, List.of(), false));
        bench.kubernetes.put(Given.service("web", "u1", ServiceType.CLUSTER_IP));

        bench.start();

        assertThat(bench.written).isEmpty();
        assertThat(bench.reconciler.standing().refusal())
                .hasValueSatisfying(words -> assertThat(words).contains("ballast clusters rename --from old --to c1"));
    }

    @Test
    void standsBesideOtherClusters() {
        bench.tables.put(Topics.CLUSTERS, "other", new ClusterRecord("other-uid", 4, null, List.of(), false));
        bench.tables.put(
                Topics.SERVICES,
                "other/shop/web",
                Snapshots.gone("u9", "1", io.ballast.schemas.contract.GoneReason.WATCHED_DELETE, "other-uid"));
        bench.kubernetes.put(Given.service("web", "u1", ServiceType.CLUSTER_IP));

        bench.start().after(Duration.ofHours(1));

        assertThat(bench.reconciler.standing().isReady()).isTrue();
        assertThat(bench.written).allMatch(record -> record.contains(" c1"));
    }

    @Test
    void countsEachTakeOver() {
        bench.start();
        bench.start();

        assertThat(bench.cluster().watcherEpoch()).isEqualTo(2);
        assertThat(bench.cluster().clusterUid()).isEqualTo(Given.CLUSTER_UID);
    }

    // --- watches

    @Test
    void startsAWatchAnewThatFellSilent() {
        bench.start();
        bench.kubernetes.silent.add(Kind.SERVICES);
        bench.kubernetes.put(Given.service("web", "u1", ServiceType.CLUSTER_IP));
        bench.kubernetes.calls.clear();

        bench.after(Duration.ofMinutes(6));

        assertThat(bench.row("web")).isNotNull();
        assertThat(bench.kubernetes.calls)
                .filteredOn(WatcherCall.StartWatching.class::isInstance)
                .singleElement()
                .isEqualTo(new WatcherCall.StartWatching(Map.of(Kind.SERVICES, Map.of())));
        assertThat(bench.reconciler.standing().isReady()).isTrue();
    }

    @Test
    void leavesWatchesAloneThatGiveSignsOfLife() {
        bench.start();
        bench.kubernetes.calls.clear();

        bench.after(Duration.ofHours(1));

        assertThat(bench.kubernetes.calls).noneMatch(WatcherCall.StartWatching.class::isInstance);
        assertThat(bench.reconciler.standing().heardAt().get(Kind.SERVICES))
                .isAfterOrEqualTo(bench.now.minus(Duration.ofMinutes(1)));
    }
}
