package io.ballast.watcher.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.ServiceType;
import io.ballast.schemas.contract.StatusReason;
import io.ballast.watcher.snapshot.IngressFacts;
import io.ballast.watcher.snapshot.Names;
import io.ballast.watcher.snapshot.WatcherCall;
import io.ballast.watcher.snapshot.Write;
import java.time.Duration;
import java.util.List;
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
}
