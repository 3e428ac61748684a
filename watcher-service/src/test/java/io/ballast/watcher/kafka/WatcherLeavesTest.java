package io.ballast.watcher.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.ConfirmationKind;
import io.ballast.schemas.contract.GoneReason;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.OperatorConfirmation;
import io.ballast.schemas.contract.ServiceType;
import io.ballast.schemas.contract.SnapshotState;
import io.ballast.schemas.contract.StatusReason;
import io.ballast.watcher.snapshot.Kind;
import io.ballast.watcher.snapshot.ObjectName;
import io.ballast.watcher.snapshot.WatcherNews;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A Service goes, or seems to. */
class WatcherLeavesTest {
    private final Bench bench = new Bench(true);

    @Test
    void saysGoneAtTheDeletionTimestampAndDropsTheFinalizerAtTheEnd() {
        bench.kubernetes.put(Given.service("web", "u1", ServiceType.LOAD_BALANCER));
        bench.start();
        bench.serve("u1");
        bench.kubernetes.delete(Kind.SERVICES, Bench.WEB_NAME);
        bench.settle();
        assertThat(bench.row("web"))
                .isNotNull()
                .satisfies(row -> assertThat(row.goneBecause()).isEqualTo(GoneReason.DELETION_TIMESTAMP));
        assertThat(bench.kubernetes.service("web").isHeld()).isTrue();

        bench.write(Topics.LOAD_BALANCER_STATUS, Bench.WEB, Given.status(LoadBalancerPhase.DELETED, "u1", null));
        assertThat(bench.kubernetes.service("web").isHeld()).isTrue();
        bench.write(Topics.ADDRESS_ALLOCATIONS, Bench.WEB, Given.allocation(AllocationState.RELEASED, "u1"));

        assertThat(bench.kubernetes.hasService("web")).isFalse();
        assertThat(bench.kubernetes.events).endsWith("DeletingLoadBalancer", "DeletedLoadBalancer");
        bench.write(Topics.LOAD_BALANCER_STATUS, Bench.WEB, null);
        bench.write(Topics.ADDRESS_ALLOCATIONS, Bench.WEB, null);
        assertThat(bench.row("web")).isNull();
    }

    @Test
    void dropsTheFinalizerOfOneWhoseLoadBalancerAPersonGaveUpOn() {
        bench.kubernetes.put(Given.service("web", "u1", ServiceType.LOAD_BALANCER));
        bench.start();
        bench.serve("u1");
        bench.kubernetes.delete(Kind.SERVICES, Bench.WEB_NAME);
        bench.settle();
        bench.write(
                Topics.LOAD_BALANCER_STATUS,
                Bench.WEB,
                Given.status(LoadBalancerPhase.DELETING, "u1", StatusReason.STUCK_PENDING));
        assertThat(bench.row("web"))
                .isNotNull()
                .satisfies(row -> assertThat(row.abandoned()).isEmpty());

        bench.kubernetes.annotate("web", Map.of("ballast.io/abandon", "lb-2, lb-1"));
        bench.settle();
        assertThat(bench.row("web")).isNotNull().satisfies(row -> {
            assertThat(row.state()).isEqualTo(SnapshotState.GONE);
            assertThat(row.abandoned()).containsExactly("lb-1", "lb-2");
        });
        assertThat(bench.kubernetes.service("web").isHeld()).isTrue();

        bench.write(
                Topics.LOAD_BALANCER_STATUS,
                Bench.WEB,
                Given.status(LoadBalancerPhase.DELETED, "u1", StatusReason.ABANDONED));

        assertThat(bench.kubernetes.hasService("web")).isFalse();
        assertThat(bench.kubernetes.events).endsWith("SyncLoadBalancerFailed").doesNotContain("DeletedLoadBalancer");
        bench.write(Topics.LOAD_BALANCER_STATUS, Bench.WEB, Given.status(LoadBalancerPhase.DELETED, "u1", null));
        bench.write(Topics.ADDRESS_ALLOCATIONS, Bench.WEB, Given.allocation(AllocationState.RELEASED, "u1"));
        bench.write(Topics.LOAD_BALANCER_STATUS, Bench.WEB, null);
        bench.write(Topics.ADDRESS_ALLOCATIONS, Bench.WEB, null);
        assertThat(bench.row("web")).isNull();
    }

    @Test
    void asksAgainAfterARestartThatMissedTheAnswer() {
        bench.kubernetes.put(Given.service("web", "u1", ServiceType.LOAD_BALANCER));
        bench.start();
        bench.kubernetes.delete(Kind.SERVICES, Bench.WEB_NAME);
        bench.settle();
        bench.written.clear();

        bench.start();

        assertThat(bench.written).containsExactly("clusters c1", "services " + Bench.WEB);
        assertThat(bench.kubernetes.service("web").isHeld()).isTrue();
    }

    @Test
    void asksAgainWhenItMissedThatTheAddressesWereReleased() {
        bench.kubernetes.put(Given.service("web", "u1", ServiceType.LOAD_BALANCER));
        bench.start();
        bench.kubernetes.delete(Kind.SERVICES, Bench.WEB_NAME);
        bench.settle();
        bench.write(Topics.LOAD_BALANCER_STATUS, Bench.WEB, Given.status(LoadBalancerPhase.DELETED, "u1", null));
        bench.start(); // RELEASED came and went while it was down
        bench.written.clear();

        bench.write(Topics.LOAD_BALANCER_STATUS, Bench.WEB, null);

        assertThat(bench.written).containsExactly("services " + Bench.WEB);
        assertThat(bench.kubernetes.service("web").isHeld()).isTrue();
    }

    @Test
    void seesADeletionThatHappenedWhileItWasDown() {
        var without = new Bench(false);
        without.kubernetes.put(Given.service("web", "u1", ServiceType.CLUSTER_IP));
        without.start();
        without.kubernetes.delete(Kind.SERVICES, Bench.WEB_NAME);

        without.start();

        assertThat(without.row("web"))
                .isNotNull()
                .satisfies(row -> assertThat(row.goneBecause()).isEqualTo(GoneReason.CONFIRMED_ABSENT));
    }

    @Test
    void healsALostDeleteByComparing() {
        var without = new Bench(false);
        without.kubernetes.put(Given.service("web", "u1", ServiceType.CLUSTER_IP));
        without.start();
        without.kubernetes.delete(Kind.SERVICES, Bench.WEB_NAME);
        without.kubernetes.news.clear();

        without.after(Duration.ofMinutes(11));

        assertThat(without.row("web"))
                .isNotNull()
                .satisfies(row -> assertThat(row.state()).isEqualTo(SnapshotState.GONE));
        assertThat(without.cluster().lastComparisonEpochMillis()).isNotNull();
    }

    @Test
    void believesNoListThatLags() {
        bench.kubernetes.put(Given.service("web", "u1", ServiceType.CLUSTER_IP));
        bench.start();

        bench.tell(new WatcherNews.Listed(Kind.SERVICES, Map.of()));
        bench.settle();

        assertThat(bench.row("web"))
                .isNotNull()
                .satisfies(row -> assertThat(row.state()).isEqualTo(SnapshotState.PRESENT));
    }

    @Test
    void concludesNothingFromErrors() {
        bench.kubernetes.put(Given.service("web", "u1", ServiceType.CLUSTER_IP));
        bench.start();
        bench.kubernetes.isDown = true;

        bench.tell(new WatcherNews.Listed(Kind.SERVICES, Map.of()));
        bench.settle().after(Duration.ofMinutes(30));

        assertThat(bench.row("web"))
                .isNotNull()
                .satisfies(row -> assertThat(row.state()).isEqualTo(SnapshotState.PRESENT));
    }

    @Test
    void holdsAMassDeletionUntilAPersonConfirms() {
        var without = new Bench(false);
        for (int i = 0; i < 10; i++) {
            without.kubernetes.put(Given.service("web" + i, "u" + i, ServiceType.CLUSTER_IP));
        }
        without.start();
        for (int i = 0; i < 4; i++) {
            without.kubernetes.delete(Kind.SERVICES, new ObjectName("shop", "web" + i));
        }
        without.start().after(Duration.ofHours(1));
        assertThat(gone(without)).isZero();
        assertThat(without.cluster().heldDeletions())
                .extracting(held -> held.uid())
                .containsExactly("u0", "u1", "u2", "u3");

        without.write(
                Topics.OPERATOR,
                "c1/deletions",
                new OperatorConfirmation(ConfirmationKind.DELETIONS, "c1", List.of("u0", "u1", "u2", "u3"), "me", 1));

        assertThat(gone(without)).isEqualTo(4);
        assertThat(without.cluster().heldDeletions()).isEmpty();
    }

    @Test
    void letsThreeInferredDeletionsPass() {
        var without = new Bench(false);
        for (int i = 0; i < 10; i++) {
            without.kubernetes.put(Given.service("web" + i, "u" + i, ServiceType.CLUSTER_IP));
        }
        without.start();
        for (int i = 0; i < 3; i++) {
            without.kubernetes.delete(Kind.SERVICES, new ObjectName("shop", "web" + i));
        }

        without.start();

        assertThat(gone(without)).isEqualTo(3);
    }

    @Test
    void saysGoneForWhatOctaviaFoundWithoutAService() {
        bench.start();

        bench.write(Topics.LOAD_BALANCER_STATUS, Bench.WEB, Given.status(LoadBalancerPhase.OBSERVED, "lost", null));

        assertThat(bench.row("web")).isNotNull().satisfies(row -> {
            assertThat(row.uid()).isEqualTo("lost");
            assertThat(row.goneBecause()).isEqualTo(GoneReason.CONFIRMED_ABSENT);
        });
    }

    @Test
    void publishesAServiceThatOctaviaKnowsByItsUid() {
        bench.kubernetes.put(Given.service("web", "u1", ServiceType.CLUSTER_IP));
        bench.tables.put(Topics.LOAD_BALANCER_STATUS, Bench.WEB, Given.status(LoadBalancerPhase.OBSERVED, "u1", null));

        bench.start();

        assertThat(bench.row("web"))
                .isNotNull()
                .satisfies(row -> assertThat(row.state()).isEqualTo(SnapshotState.PRESENT));
    }

    private static long gone(Bench bench) {
        return bench.tables.of(Topics.SERVICES).rows().values().stream()
                .filter(row -> row.state() == SnapshotState.GONE)
                .count();
    }
}
