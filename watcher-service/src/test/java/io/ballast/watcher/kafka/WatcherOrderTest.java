package io.ballast.watcher.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.schemas.contract.GoneReason;
import io.ballast.schemas.contract.ServiceType;
import io.ballast.schemas.contract.SnapshotState;
import io.ballast.watcher.snapshot.Kind;
import io.ballast.watcher.snapshot.Names;
import io.ballast.watcher.snapshot.ServiceFacts;
import io.ballast.watcher.snapshot.WatcherNews;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Old facts, new facts and facts without an order. */
class WatcherOrderTest {
    private final Bench bench = new Bench(true);

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
        bench.kubernetes.of(Kind.SERVICES).put(Bench.WEB_NAME, restored);

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
        without.kubernetes.delete(Kind.SERVICES, Bench.WEB_NAME);
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

        without.kubernetes.delete(Kind.SERVICES, Bench.WEB_NAME);
        without.kubernetes.put(Given.service("web", "u2", ServiceType.CLUSTER_IP));
        without.written.clear();
        without.settle();

        assertThat(without.written).containsExactly("services " + Bench.WEB, "services " + Bench.WEB);
        assertThat(without.row("web")).isNotNull().satisfies(row -> {
            assertThat(row.uid()).isEqualTo("u2");
            assertThat(row.state()).isEqualTo(SnapshotState.PRESENT);
        });
    }

    private static ServiceFacts changed(Bench bench, ServiceType type) {
        var before = bench.kubernetes.service("web");
        return new ServiceFacts(
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
}
