package io.ballast.watcher.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.ClusterRecord;
import io.ballast.schemas.contract.ConfirmationKind;
import io.ballast.schemas.contract.GoneReason;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.OperatorConfirmation;
import io.ballast.schemas.contract.ServiceType;
import io.ballast.schemas.contract.SnapshotState;
import io.ballast.schemas.contract.StatusReason;
import io.ballast.watcher.snapshot.IngressFacts;
import io.ballast.watcher.snapshot.Kind;
import io.ballast.watcher.snapshot.Names;
import io.ballast.watcher.snapshot.ObjectName;
import io.ballast.watcher.snapshot.WatcherCall;
import io.ballast.watcher.snapshot.WatcherNews;
import io.ballast.watcher.snapshot.Write;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WatcherReconcilerTest {
    private static final String WEB = "c1/shop/web";
    private static final ObjectName WEB_NAME = new ObjectName("shop", "web");

    private final Bench bench = new Bench(true);

    // --- the cluster

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
        bench.tables.put(Topics.CLUSTERS, "c1", new ClusterRecord("other-uid", 4, null, List.of(), true));
        bench.kubernetes.put(Given.service("web", "u1", ServiceType.CLUSTER_IP));

        bench.start();

        assertThat(bench.written).isEmpty();
        assertThat(bench.reconciler.standing().isRefused()).isTrue();
        assertThat(bench.reconciler.standing().waitsFor()).contains("other-uid").contains(Given.CLUSTER_UID);
    }

    @Test
    void countsEachTakeOver() {
        bench.start();
        bench.start();

        assertThat(bench.cluster().watcherEpoch()).isEqualTo(2);
        assertThat(bench.cluster().clusterUid()).isEqualTo(Given.CLUSTER_UID);
    }

    // --- a Service comes

    @Test
    void putsTheFinalizerBeforeItPublishes() {
        bench.start();

        bench.kubernetes.put(Given.service("web", "u1", ServiceType.LOAD_BALANCER));
        bench.settle();

        assertThat(bench.kubernetes.service("web").finalizers()).containsExactly(Names.FINALIZER);
        assertThat(bench.row("web")).isNotNull().satisfies(row -> {
            assertThat(row.state()).isEqualTo(SnapshotState.PRESENT);
            assertThat(row.resourceVersion())
                    .isEqualTo(bench.kubernetes.service("web").resourceVersion());
            assertThat(row.service())
                    .isNotNull()
                    .satisfies(body -> assertThat(body.namespaceLabels()).containsEntry("team", "a"));
        });
    }

    @Test
    void waitsForTheNamespaceBeforeItPublishes() {
        bench.kubernetes.of(Kind.NAMESPACES).clear();
        bench.kubernetes.put(Given.service("web", "u1", ServiceType.LOAD_BALANCER));
        bench.start();
        assertThat(bench.row("web")).isNull();

        bench.kubernetes.put(Given.namespace("shop"));
        bench.settle();

        assertThat(bench.row("web")).isNotNull();
    }

    @Test
    void publishesSlicesWithTheirService() {
        bench.start();

        bench.kubernetes.put(Given.slice("web-1", "s1", "web", "10.1.0.2", "10.1.0.1"));
        bench.kubernetes.put(Given.service("web", "u1", ServiceType.CLUSTER_IP));
        bench.settle();

        var slice = bench.tables.of(Topics.ENDPOINT_SLICES).get(WEB + "/web-1").orElseThrow();
        assertThat(slice.endpoints().getFirst().addresses()).containsExactly("10.1.0.1");
    }

    @Test
    void publishesNothingWhenAListShowsNothingNew() {
        bench.kubernetes.put(Given.service("web", "u1", ServiceType.CLUSTER_IP));
        bench.kubernetes.put(Given.slice("web-1", "s1", "web", "10.1.0.1"));
        bench.start();
        bench.written.clear();

        bench.kubernetes.list();
        bench.settle();
        bench.start();

        assertThat(bench.written).containsExactly("clusters c1");
    }

    @Test
    void movesASliceThatChangesItsService() {
        bench.kubernetes.put(Given.slice("web-1", "s1", "web", "10.1.0.1"));
        bench.start();

        bench.kubernetes.put(Given.slice("web-1", "s1", "shop2", "10.1.0.1"));
        bench.settle();

        assertThat(bench.tables.of(Topics.ENDPOINT_SLICES).rows()).containsOnlyKeys("c1/shop/shop2/web-1");
    }

    @Test
    void endsASliceThatVanishedWhileItWasDown() {
        bench.kubernetes.put(Given.slice("web-1", "s1", "web", "10.1.0.1"));
        bench.start();
        bench.kubernetes.delete(Kind.SLICES, new ObjectName("shop", "web-1"));

        bench.start();

        assertThat(bench.tables.of(Topics.ENDPOINT_SLICES).rows()).isEmpty();
    }

    @Test
    void keepsOneFailingServiceFromDelayingAnother() {
        bench.start();
        bench.kubernetes.isDown = true;
        bench.kubernetes.put(Given.service("web", "u1", ServiceType.CLUSTER_IP));
        bench.settle();
        bench.kubernetes.isDown = false;
        bench.kubernetes.put(Given.service("api", "u2", ServiceType.CLUSTER_IP));
        bench.settle();

        assertThat(bench.row("api")).isNotNull();
        assertThat(bench.row("web")).isNull();
        bench.after(Duration.ofSeconds(2));
        assertThat(bench.row("web")).isNotNull();
    }

    // --- time travel

    @Test
    void neverLetsOlderFactsOverwriteNewer() {
        bench.start();
        var old = bench.kubernetes.put(Given.service("web", "u1", ServiceType.CLUSTER_IP));
        bench.settle();
        bench.kubernetes.put(changed(bench, ServiceType.NODE_PORT));
        bench.settle();

        bench.tell(new WatcherNews.Seen(old));
        bench.settle();

        assertThat(bench.row("web"))
                .isNotNull()
                .satisfies(row -> assertThat(row.service())
                        .isNotNull()
                        .satisfies(body -> assertThat(body.type()).isEqualTo(ServiceType.NODE_PORT)));
    }

    @Test
    void followsVersionsThatWentBackwardsAfterARestore() {
        bench.kubernetes.put(Given.service("web", "u1", ServiceType.CLUSTER_IP));
        bench.start();
        var restored =
                FakeKubernetes.with(Given.service("web", "u1", ServiceType.NODE_PORT), false, List.of(Names.FINALIZER));
        bench.kubernetes.of(Kind.SERVICES).put(WEB_NAME, restored);

        bench.kubernetes.list();
        bench.settle();

        assertThat(bench.row("web"))
                .isNotNull()
                .satisfies(row -> assertThat(row.service())
                        .isNotNull()
                        .satisfies(body -> assertThat(body.type()).isEqualTo(ServiceType.NODE_PORT)));
    }

    @Test
    void neverBringsAGoneUidBack() {
        var without = new Bench(false);
        var old = without.kubernetes.put(Given.service("web", "u1", ServiceType.CLUSTER_IP));
        without.start();
        without.kubernetes.delete(Kind.SERVICES, WEB_NAME);
        without.settle();

        without.tell(new WatcherNews.Seen(old));
        without.settle();

        assertThat(without.row("web")).isNotNull().satisfies(row -> {
            assertThat(row.state()).isEqualTo(SnapshotState.GONE);
            assertThat(row.goneBecause()).isEqualTo(GoneReason.WATCHED_DELETE);
        });
    }

    @Test
    void endsTheOldUidBeforeItPublishesTheNew() {
        var without = new Bench(false);
        without.kubernetes.put(Given.service("web", "u1", ServiceType.CLUSTER_IP));
        without.start();

        without.kubernetes.delete(Kind.SERVICES, WEB_NAME);
        without.kubernetes.put(Given.service("web", "u2", ServiceType.CLUSTER_IP));
        without.written.clear();
        without.settle();

        assertThat(without.written).containsExactly("services " + WEB, "services " + WEB);
        assertThat(without.row("web")).isNotNull().satisfies(row -> {
            assertThat(row.uid()).isEqualTo("u2");
            assertThat(row.state()).isEqualTo(SnapshotState.PRESENT);
        });
    }

    // --- a Service goes

    @Test
    void saysGoneAtTheDeletionTimestampAndDropsTheFinalizerAtTheEnd() {
        bench.kubernetes.put(Given.service("web", "u1", ServiceType.LOAD_BALANCER));
        bench.start();
        serve("u1");
        bench.kubernetes.delete(Kind.SERVICES, WEB_NAME);
        bench.settle();
        assertThat(bench.row("web"))
                .isNotNull()
                .satisfies(row -> assertThat(row.goneBecause()).isEqualTo(GoneReason.DELETION_TIMESTAMP));
        assertThat(bench.kubernetes.service("web").isHeld()).isTrue();

        bench.write(Topics.LOAD_BALANCER_STATUS, WEB, Given.status(LoadBalancerPhase.DELETED, "u1", null));
        assertThat(bench.kubernetes.service("web").isHeld()).isTrue();
        bench.write(Topics.ADDRESS_ALLOCATIONS, WEB, Given.allocation(AllocationState.RELEASED, "u1"));

        assertThat(bench.kubernetes.hasService("web")).isFalse();
        assertThat(bench.kubernetes.events).endsWith("DeletingLoadBalancer", "DeletedLoadBalancer");
        bench.write(Topics.LOAD_BALANCER_STATUS, WEB, null);
        bench.write(Topics.ADDRESS_ALLOCATIONS, WEB, null);
        assertThat(bench.row("web")).isNull();
    }

    @Test
    void asksAgainAfterARestartThatMissedTheAnswer() {
        bench.kubernetes.put(Given.service("web", "u1", ServiceType.LOAD_BALANCER));
        bench.start();
        bench.kubernetes.delete(Kind.SERVICES, WEB_NAME);
        bench.settle();
        bench.written.clear();

        bench.start();

        assertThat(bench.written).containsExactly("clusters c1", "services " + WEB);
        assertThat(bench.kubernetes.service("web").isHeld()).isTrue();
    }

    @Test
    void asksAgainWhenItMissedThatTheAddressesWereReleased() {
        bench.kubernetes.put(Given.service("web", "u1", ServiceType.LOAD_BALANCER));
        bench.start();
        bench.kubernetes.delete(Kind.SERVICES, WEB_NAME);
        bench.settle();
        bench.write(Topics.LOAD_BALANCER_STATUS, WEB, Given.status(LoadBalancerPhase.DELETED, "u1", null));
        bench.start(); // RELEASED came and went while it was down
        bench.written.clear();

        bench.write(Topics.LOAD_BALANCER_STATUS, WEB, null);

        assertThat(bench.written).containsExactly("services " + WEB);
        assertThat(bench.kubernetes.service("web").isHeld()).isTrue();
    }

    @Test
    void seesADeletionThatHappenedWhileItWasDown() {
        var without = new Bench(false);
        without.kubernetes.put(Given.service("web", "u1", ServiceType.CLUSTER_IP));
        without.start();
        without.kubernetes.delete(Kind.SERVICES, WEB_NAME);

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
        without.kubernetes.delete(Kind.SERVICES, WEB_NAME);
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

        bench.write(Topics.LOAD_BALANCER_STATUS, WEB, Given.status(LoadBalancerPhase.OBSERVED, "lost", null));

        assertThat(bench.row("web")).isNotNull().satisfies(row -> {
            assertThat(row.uid()).isEqualTo("lost");
            assertThat(row.goneBecause()).isEqualTo(GoneReason.CONFIRMED_ABSENT);
        });
    }

    @Test
    void publishesAServiceThatOctaviaKnowsByItsUid() {
        bench.kubernetes.put(Given.service("web", "u1", ServiceType.CLUSTER_IP));
        bench.tables.put(Topics.LOAD_BALANCER_STATUS, WEB, Given.status(LoadBalancerPhase.OBSERVED, "u1", null));

        bench.start();

        assertThat(bench.row("web"))
                .isNotNull()
                .satisfies(row -> assertThat(row.state()).isEqualTo(SnapshotState.PRESENT));
    }

    // --- what the Service shows

    @Test
    void tellsTheStoryOnceInEvents() {
        bench.kubernetes.put(Given.service("web", "u1", ServiceType.LOAD_BALANCER));
        bench.start();
        bench.write(Topics.ADDRESS_ALLOCATIONS, WEB, Given.allocation(AllocationState.GRANTED, "u1", "203.0.113.7"));
        bench.write(Topics.LOAD_BALANCER_STATUS, WEB, Given.status(LoadBalancerPhase.CREATING, "u1", null));
        serve("u1");

        bench.kubernetes.list();
        bench.settle();
        bench.start().after(Duration.ofHours(1));

        assertThat(bench.kubernetes.events)
                .containsExactly("EnsuringLoadBalancer", "IPAllocated", "EnsuredLoadBalancer");
        assertThat(bench.kubernetes.service("web").ingress())
                .containsExactly(new IngressFacts("203.0.113.7", null, "VIP"));
        assertThat(bench.kubernetes.service("web").programmed()).get().satisfies(condition -> {
            assertThat(condition.status()).isEqualTo("True");
            assertThat(condition.message()).contains("resourceVersion");
        });
    }

    @Test
    void overwritesAForgedIngress() {
        bench.kubernetes.put(Given.service("web", "u1", ServiceType.LOAD_BALANCER));
        bench.start();
        serve("u1");

        bench.kubernetes.put(FakeKubernetes.with(
                bench.kubernetes.service("web"),
                new Write.SetStatus(List.of(new IngressFacts("6.6.6.6", null, null)), null)));
        bench.settle();

        assertThat(bench.kubernetes.service("web").ingress())
                .containsExactly(new IngressFacts("203.0.113.7", null, "VIP"));
    }

    @Test
    void neverWritesIngressOfAnotherType() {
        bench.kubernetes.put(Given.service("web", "u1", ServiceType.CLUSTER_IP));
        bench.start();

        serve("u1");

        assertThat(bench.kubernetes.service("web").ingress()).isEmpty();
        assertThat(bench.kubernetes.service("web").programmed()).isPresent();
    }

    @Test
    void saysWhatToDoAboutAFailure() {
        bench.kubernetes.put(Given.service("web", "u1", ServiceType.LOAD_BALANCER));
        bench.start();

        bench.write(
                Topics.LOAD_BALANCER_STATUS,
                WEB,
                Given.status(LoadBalancerPhase.WAITING, "u1", StatusReason.QUOTA_EXCEEDED));

        assertThat(bench.kubernetes.events).containsExactly("SyncLoadBalancerFailed");
        assertThat(bench.kubernetes.service("web").programmed()).get().satisfies(condition -> {
            assertThat(condition.reason()).isEqualTo("QuotaExceeded");
            assertThat(condition.message()).contains("Raise the Octavia quota");
        });
    }

    @Test
    void writesNothingThatAnotherWatcherHasChangedMeanwhile() {
        bench.kubernetes.put(Given.service("web", "u1", ServiceType.LOAD_BALANCER));
        bench.start();
        bench.kubernetes.put(
                FakeKubernetes.with(bench.kubernetes.service("web"), false, List.of(Names.FINALIZER, "other/one")));
        bench.kubernetes.news.clear();

        serve("u1");

        assertThat(bench.kubernetes.calls).anyMatch(WatcherCall.Look.class::isInstance);
        assertThat(bench.kubernetes.service("web").finalizers()).containsExactly(Names.FINALIZER, "other/one");
        assertThat(bench.kubernetes.service("web").ingress()).hasSize(1);
    }

    private void serve(String uid) {
        bench.write(Topics.ADDRESS_ALLOCATIONS, WEB, Given.allocation(AllocationState.GRANTED, uid, "203.0.113.7"));
        bench.write(Topics.LOAD_BALANCER_STATUS, WEB, Given.status(LoadBalancerPhase.ACTIVE, uid, null, "203.0.113.7"));
    }

    private static io.ballast.watcher.snapshot.ServiceFacts changed(Bench bench, ServiceType type) {
        var before = bench.kubernetes.service("web");
        return new io.ballast.watcher.snapshot.ServiceFacts(
                "shop",
                "web",
                before.uid(),
                "",
                false,
                before.finalizers(),
                Given.body(type, "10.2.0.10", Map.of()),
                before.ingress(),
                before.conditions());
    }

    private static long gone(Bench bench) {
        return bench.tables.of(Topics.SERVICES).rows().values().stream()
                .filter(row -> row.state() == SnapshotState.GONE)
                .count();
    }
}
