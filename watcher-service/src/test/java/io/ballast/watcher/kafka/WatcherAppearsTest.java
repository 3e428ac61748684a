package io.ballast.watcher.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.ServiceType;
import io.ballast.schemas.contract.SnapshotState;
import io.ballast.watcher.snapshot.Kind;
import io.ballast.watcher.snapshot.Names;
import io.ballast.watcher.snapshot.NodeFacts;
import io.ballast.watcher.snapshot.ObjectName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A Service comes, with its slices. */
class WatcherAppearsTest {
    private final Bench bench = new Bench(true);

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
    void publishesEveryNodeBeforeTheFirstService() {
        var withNodes = new Bench(false, true);
        withNodes.kubernetes.put(Given.service("web", "u1", ServiceType.LOAD_BALANCER));
        withNodes.kubernetes.put(new NodeFacts("n1", "n-1", "", List.of(), true, Map.of(), false));
        withNodes.kubernetes.put(new NodeFacts("n2", "n-2", "", List.of(), true, Map.of(), false));

        withNodes.start();

        assertThat(withNodes.cluster().nodesWatched()).isTrue();
        assertThat(withNodes.written)
                .filteredOn(record -> !record.startsWith(Topics.CLUSTERS.name()))
                .containsExactly("nodes c1/n1", "nodes c1/n2", "services c1/shop/web");
    }

    @Test
    void publishesSlicesWithTheirService() {
        bench.start();

        bench.kubernetes.put(Given.slice("web-1", "s1", "web", "10.1.0.2", "10.1.0.1"));
        bench.kubernetes.put(Given.service("web", "u1", ServiceType.CLUSTER_IP));
        bench.settle();

        var slice = bench.tables
                .of(Topics.ENDPOINT_SLICES)
                .get(Bench.WEB + "/web-1")
                .orElseThrow();
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
}
