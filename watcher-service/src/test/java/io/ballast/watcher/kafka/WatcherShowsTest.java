package io.ballast.watcher.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.ServiceType;
import io.ballast.schemas.contract.StatusReason;
import io.ballast.watcher.snapshot.ConditionFacts;
import io.ballast.watcher.snapshot.IngressFacts;
import io.ballast.watcher.snapshot.Names;
import io.ballast.watcher.snapshot.NamespaceFacts;
import io.ballast.watcher.snapshot.WatcherCall;
import io.ballast.watcher.snapshot.Write;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a Service is made to show. */
class WatcherShowsTest {
    private final Bench bench = new Bench(true);

    @Test
    void tellsTheStoryOnceInEvents() {
        bench.kubernetes.put(Given.service("web", "u1", ServiceType.LOAD_BALANCER));
        bench.start();
        bench.write(
                Topics.ADDRESS_ALLOCATIONS, Bench.WEB, Given.allocation(AllocationState.GRANTED, "u1", "203.0.113.7"));
        bench.write(Topics.LOAD_BALANCER_STATUS, Bench.WEB, Given.status(LoadBalancerPhase.CREATING, "u1", null));
        bench.serve("u1");

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
        bench.serve("u1");

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

        bench.serve("u1");

        assertThat(bench.kubernetes.service("web").ingress()).isEmpty();
        assertThat(bench.kubernetes.service("web").programmed()).isPresent();
    }

    @Test
    void saysWhatToDoAboutAFailure() {
        bench.kubernetes.put(Given.service("web", "u1", ServiceType.LOAD_BALANCER));
        bench.start();

        bench.write(
                Topics.LOAD_BALANCER_STATUS,
                Bench.WEB,
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

        bench.serve("u1");

        assertThat(bench.kubernetes.calls).anyMatch(WatcherCall.Look.class::isInstance);
        assertThat(bench.kubernetes.service("web").finalizers()).containsExactly(Names.FINALIZER, "other/one");
        assertThat(bench.kubernetes.service("web").ingress()).hasSize(1);
    }

    @Test
    void tellsOnceWhatFailsAgainAndAgain() {
        bench.kubernetes.put(Given.service("web", "u1", ServiceType.LOAD_BALANCER));
        bench.start();
        for (int retry = 1; retry <= 5; retry++) {
            var failed = Given.status(LoadBalancerPhase.WAITING, "u1", StatusReason.OPENSTACK_REFUSED);
            bench.write(
                    Topics.LOAD_BALANCER_STATUS,
                    Bench.WEB,
                    saying(failed, "Refused (req-00000000-0000-0000-0000-00000000000%d).".formatted(retry)));
            bench.after(Duration.ofMinutes(1));
        }

        assertThat(bench.kubernetes.events).containsExactly("SyncLoadBalancerFailed");
        assertThat(bench.kubernetes.calls)
                .filteredOn(WatcherCall.PatchStatus.class::isInstance)
                .hasSize(1);
    }

    @Test
    void tellsManyUpdatesByOneEvent() {
        bench.kubernetes.put(Given.service("web", "u1", ServiceType.LOAD_BALANCER));
        bench.start().serve("u1");
        bench.kubernetes.events.clear();
        for (int generation = 2; generation <= 20; generation++) {
            bench.write(Topics.LOAD_BALANCER_STATUS, Bench.WEB, applied(generation));
        }

        assertThat(bench.kubernetes.events).containsExactly("UpdatedLoadBalancer");
        bench.after(Duration.ofMinutes(6)).write(Topics.LOAD_BALANCER_STATUS, Bench.WEB, applied(21));
        assertThat(bench.kubernetes.events).containsExactly("UpdatedLoadBalancer", "UpdatedLoadBalancer");
    }

    @Test
    void findsNothingWrongWithAFloatingIpThatAUserAssociated() {
        bench.kubernetes.put(Given.service("web", "u1", ServiceType.LOAD_BALANCER));
        bench.start();
        bench.write(Topics.ADDRESS_ALLOCATIONS, Bench.WEB, Given.allocation(AllocationState.GRANTED, "u1"));
        bench.write(
                Topics.LOAD_BALANCER_STATUS,
                Bench.WEB,
                Given.status(LoadBalancerPhase.ACTIVE, "u1", StatusReason.FOREIGN_FLOATING_IP));

        assertThat(bench.kubernetes.events).doesNotContain("SyncLoadBalancerFailed");
        assertThat(bench.kubernetes.service("web").programmed()).get().satisfies(condition -> {
            assertThat(condition.status()).isEqualTo("True");
            assertThat(condition.reason()).isEqualTo("Active");
        });
    }

    @Test
    void namesAForeignLoadBalancerOfTheSameNameAndFindsNothingWrong() {
        bench.kubernetes.put(Given.service("web", "u1", ServiceType.LOAD_BALANCER));
        bench.start();
        bench.write(Topics.ADDRESS_ALLOCATIONS, Bench.WEB, Given.allocation(AllocationState.GRANTED, "u1"));
        var status = Given.status(LoadBalancerPhase.ACTIVE, "u1", StatusReason.FOREIGN_NAME);
        bench.write(Topics.LOAD_BALANCER_STATUS, Bench.WEB, status);

        assertThat(bench.kubernetes.events).doesNotContain("SyncLoadBalancerFailed");
        assertThat(bench.kubernetes.service("web").programmed()).get().satisfies(condition -> {
            assertThat(condition.status()).isEqualTo("True");
            assertThat(condition.reason()).isEqualTo("Active");
            assertThat(condition.message()).contains("serves at", status.message());
        });
    }

    @Test
    void saysThatAFloatingIpOfAUserStandsInTheWay() {
        bench.kubernetes.put(Given.service("web", "u1", ServiceType.LOAD_BALANCER));
        bench.start();
        bench.write(
                Topics.ADDRESS_ALLOCATIONS, Bench.WEB, Given.allocation(AllocationState.GRANTED, "u1", "203.0.113.7"));
        bench.write(
                Topics.LOAD_BALANCER_STATUS,
                Bench.WEB,
                Given.status(LoadBalancerPhase.ACTIVE, "u1", StatusReason.FOREIGN_FLOATING_IP));

        assertThat(bench.kubernetes.service("web").programmed()).get().satisfies(condition -> {
            assertThat(condition.status()).isEqualTo("False");
            assertThat(condition.reason()).isEqualTo("ForeignFloatingIp");
        });
    }

    @Test
    void saysThatAServiceIsPausedAndTellsNoFailure() {
        bench.kubernetes.put(
                new NamespaceFacts("shop", "shop-uid", "1", false, Map.of(), Map.of("ballast.io/paused", "true")));
        bench.kubernetes.put(Given.service("web", "u1", ServiceType.LOAD_BALANCER));
        bench.start();
        bench.write(
                Topics.LOAD_BALANCER_STATUS,
                Bench.WEB,
                Given.status(LoadBalancerPhase.REFUSED, "u1", StatusReason.SERVICE_REFUSED));

        assertThat(bench.kubernetes.events).doesNotContain("SyncLoadBalancerFailed");
        assertThat(bench.kubernetes.service("web").programmed())
                .get()
                .satisfies(condition -> assertThat(condition.reason()).isEqualTo("Paused"));
        assertThat(bench.kubernetes.service("web").isHeld())
                .as("no finalizer is added meanwhile")
                .isFalse();
    }

    @Test
    void leavesConditionsOfOthersAlone() {
        var others = new ConditionFacts("example.org/Checked", "True", "Checked", "fine", "2026-01-01T00:00:00Z", null);
        bench.kubernetes.put(FakeKubernetes.with(
                Given.service("web", "u1", ServiceType.LOAD_BALANCER), new Write.SetStatus(null, List.of(others))));
        bench.start().serve("u1");

        assertThat(bench.kubernetes.service("web").conditions()).hasSize(2).contains(others);
    }

    private static LoadBalancerStatus applied(int generation) {
        return copy(Given.status(LoadBalancerPhase.ACTIVE, "u1", null, "203.0.113.7"), "", generation);
    }

    private static LoadBalancerStatus saying(LoadBalancerStatus status, String message) {
        return copy(status, message, 1);
    }

    private static LoadBalancerStatus copy(LoadBalancerStatus status, String message, long applied) {
        return new LoadBalancerStatus(
                status.phase(),
                status.clusterUid(),
                status.serviceUid(),
                status.incarnation(),
                applied,
                applied,
                status.reason(),
                message,
                status.requestId(),
                status.loadBalancers(),
                status.externals());
    }
}
