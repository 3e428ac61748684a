package io.ballast.watcher.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.ServiceSnapshot;
import io.ballast.schemas.contract.ServiceType;
import io.ballast.schemas.contract.SnapshotState;
import io.ballast.watcher.snapshot.Kind;
import io.ballast.watcher.snapshot.Names;
import io.ballast.watcher.snapshot.ObjectName;
import io.ballast.watcher.snapshot.ServiceFacts;
import io.ballast.watcher.snapshot.WatcherCall;
import io.ballast.watcher.snapshot.WatcherNews;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A Kubernetes that was restored from a backup. */
class RestoreTest {
    private static final ObjectName WEB = new ObjectName("shop", "web");

    private final Bench bench = new Bench(false);

    @Test
    void servesAUidThatIsBack() {
        var before = bench.kubernetes.put(Given.service("web", "u1", ServiceType.CLUSTER_IP));
        bench.start();
        bench.kubernetes.delete(Kind.SERVICES, WEB);
        bench.settle();
        assertThat(row().state()).isEqualTo(SnapshotState.GONE);

        bench.kubernetes.of(Kind.SERVICES).put(WEB, before);
        bench.kubernetes.list();
        bench.settle();

        assertThat(row().state()).isEqualTo(SnapshotState.PRESENT);
        assertThat(row().uid()).isEqualTo("u1");
    }

    @Test
    void publishesASliceThatIsBack() {
        var name = new ObjectName("shop", "web-1");
        bench.kubernetes.put(Given.service("web", "u1", ServiceType.CLUSTER_IP));
        var before = bench.kubernetes.put(Given.slice("web-1", "s1", "web", "10.1.0.1"));
        bench.start();
        bench.kubernetes.delete(Kind.SLICES, name);
        bench.settle();
        assertThat(bench.tables.of(Topics.ENDPOINT_SLICES).rows()).isEmpty();

        bench.kubernetes.of(Kind.SLICES).put(name, before);
        bench.kubernetes.list();
        bench.settle();

        assertThat(bench.tables.of(Topics.ENDPOINT_SLICES).rows()).hasSize(1);
    }

    @Test
    void believesNoCacheThatShowsAUidWhichItsRowSaysIsGone() {
        var before = bench.kubernetes.put(Given.service("web", "u1", ServiceType.CLUSTER_IP));
        bench.start();
        bench.kubernetes.delete(Kind.SERVICES, WEB);
        bench.settle();
        bench.start();

        bench.tell(new WatcherNews.Seen(before));
        bench.settle();

        assertThat(row().state()).isEqualTo(SnapshotState.GONE);
    }

    @Test
    void asksWhetherAServiceWithOurFinalizerAndWithoutARowIsThere() {
        bench.start();
        var stale = FakeKubernetes.with(
                Given.service("web", "u1", ServiceType.CLUSTER_IP), false, List.of(Names.FINALIZER));

        bench.tell(new WatcherNews.Seen(stale));
        bench.settle();

        assertThat(bench.row("web")).isNull();
    }

    @Test
    void looksAgainAtAVersionThatWasGivenTwice() {
        var before = bench.kubernetes.put(Given.service("web", "u1", ServiceType.CLUSTER_IP));
        bench.start();

        bench.kubernetes.of(Kind.SERVICES).put(WEB, changed(before));
        bench.kubernetes.list();
        bench.settle();

        assertThat(Objects.requireNonNull(row().service()).type()).isEqualTo(ServiceType.NODE_PORT);
    }

    @Test
    void watchesAnewWhenKubernetesIsBehindItsWatches() {
        bench.kubernetes.watched.put(Kind.SERVICES, "1000");
        bench.kubernetes.compared.put(Kind.SERVICES, "999");
        bench.start();

        bench.after(Duration.ofMinutes(11));

        assertThat(bench.kubernetes.calls.stream().filter(WatcherCall.StartWatching.class::isInstance))
                .hasSize(2);
    }

    @Test
    void comparesAtOnceWhenALiveReadIsOlderThanWhatWasSeen() {
        // Given
        var before = bench.kubernetes.put(Given.service("web", "u1", ServiceType.LOAD_BALANCER));
        bench.start();
        bench.kubernetes.put(changed(before));
        bench.settle();
        assertThat(Objects.requireNonNull(row().service()).type()).isEqualTo(ServiceType.NODE_PORT);
        bench.kubernetes.put(before);
        bench.settle();

        // When it is restored in silence, and somebody has to write
        bench.kubernetes.of(Kind.SERVICES).put(WEB, before);
        bench.kubernetes.calls.clear();
        bench.serve("u1");

        // Then
        assertThat(bench.kubernetes.calls).contains(new WatcherCall.ListAll());
        assertThat(bench.kubernetes.service("web").ingress()).hasSize(1);
    }

    @Test
    void comparesAtOnceWhenAWatchHasComeToAnOlderState() {
        // Given
        bench.kubernetes.watched.put(Kind.SERVICES, "1000");
        bench.start();
        bench.after(Duration.ofMinutes(1));
        assertThat(bench.kubernetes.calls).doesNotContain(new WatcherCall.ListAll());

        // When
        bench.kubernetes.watched.put(Kind.SERVICES, "999");
        bench.after(Duration.ofMinutes(1));

        // Then
        assertThat(bench.kubernetes.calls.stream().filter(WatcherCall.ListAll.class::isInstance))
                .hasSize(1);
    }

    @Test
    void comparesAlsoWhenWatchesOfAnEarlierOwnershipListBeforeItsOwn() {
        bench.start();
        bench.kubernetes.list();
        bench.startAgain();
        bench.kubernetes.calls.clear();

        bench.after(Duration.ofMinutes(11));

        assertThat(bench.kubernetes.calls).contains(new WatcherCall.ListAll());
    }

    private ServiceSnapshot row() {
        return Objects.requireNonNull(bench.row("web"));
    }

    private static ServiceFacts changed(ServiceFacts before) {
        return new ServiceFacts(
                "shop",
                "web",
                before.uid(),
                before.resourceVersion(),
                false,
                before.finalizers(),
                Given.body(ServiceType.NODE_PORT, "10.2.0.10", Map.of()),
                before.ingress(),
                before.conditions());
    }
}
