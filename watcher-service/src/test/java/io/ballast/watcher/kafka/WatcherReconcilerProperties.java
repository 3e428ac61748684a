package io.ballast.watcher.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.ServiceType;
import io.ballast.schemas.contract.SnapshotState;
import io.ballast.watcher.snapshot.Kind;
import io.ballast.watcher.snapshot.NamespaceFacts;
import io.ballast.watcher.snapshot.ObjectName;
import io.ballast.watcher.snapshot.ServiceFacts;
import io.ballast.watcher.snapshot.SliceFacts;
import io.ballast.watcher.snapshot.Snapshots;
import io.ballast.watcher.snapshot.WatcherNews;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WatcherReconcilerProperties {
    private static final int SERVICES = 30;
    private static final int DELETIONS_MAX = 5; // what the brake lets pass

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 60);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void anyLossRepetitionAndDelayOfNewsIsHealedByOneList(long seed) {
        // Given
        var random = new Random(seed);
        var bench = new Bench(false);
        for (int i = 0; i < SERVICES; i++) {
            bench.kubernetes.put(Given.service("web" + i, "u" + i, ServiceType.CLUSTER_IP));
            bench.kubernetes.put(Given.slice("web" + i + "-a", "s" + i, "web" + i, "10.1.0." + i));
        }
        bench.start();
        var late = new ArrayList<WatcherNews>();
        int deletions = 0;
        for (int step = 0; step < 200; step++) {
            deletions += change(bench.kubernetes, random, step, deletions < DELETIONS_MAX);
            disturb(bench, random, late);
            bench.settle();
        }
        Collections.shuffle(late, random);
        late.forEach(bench::tell);

        // When
        bench.kubernetes.list();
        bench.settle();

        // Then
        assertThat(published(bench)).isEqualTo(ideal(bench.kubernetes));
        assertThat(slices(bench)).isEqualTo(idealSlices(bench.kubernetes));
    }

    private static int change(FakeKubernetes kubernetes, Random random, int step, boolean mayDelete) {
        var name = new ObjectName("shop", "web" + random.nextInt(SERVICES));
        var slice = new ObjectName("shop", name.name() + "-" + (random.nextBoolean() ? "a" : "b"));
        switch (random.nextInt(8)) {
            case 0 -> {
                if (mayDelete && kubernetes.hasService(name.name())) {
                    kubernetes.delete(Kind.SERVICES, name);
                    return 1;
                }
            }
            case 1 -> {
                if (!kubernetes.hasService(name.name())) {
                    kubernetes.put(Given.service(name.name(), "u-" + step, ServiceType.CLUSTER_IP));
                }
            }
            case 2 -> kubernetes.delete(Kind.SLICES, slice);
            case 3, 4 -> {
                var before = kubernetes.of(Kind.SLICES).get(slice);
                var uid = before == null ? "s-" + step : before.uid();
                kubernetes.put(Given.slice(slice.name(), uid, name.name(), "10.1.1." + random.nextInt(250)));
            }
            default -> {
                if (kubernetes.hasService(name.name())) {
                    var uid = kubernetes.service(name.name()).uid();
                    var type = random.nextBoolean() ? ServiceType.NODE_PORT : ServiceType.LOAD_BALANCER;
                    kubernetes.put(Given.service(name.name(), uid, type));
                }
            }
        }
        return 0;
    }

    /** Of the news that wait, some are lost, some come twice, and some are kept for later. */
    private static void disturb(Bench bench, Random random, List<WatcherNews> late) {
        var news = List.copyOf(bench.kubernetes.news);
        bench.kubernetes.news.clear();
        for (var each : news) {
            switch (random.nextInt(6)) {
                case 0 -> {}
                case 1 -> late.add(each);
                case 2 -> {
                    bench.tell(each);
                    late.add(each);
                }
                default -> bench.tell(each);
            }
        }
    }

    private static Map<String, Object> published(Bench bench) {
        var published = new TreeMap<String, Object>();
        bench.tables.of(Topics.SERVICES).rows().forEach((key, row) -> {
            if (row.state() == SnapshotState.PRESENT) {
                published.put(key, List.of(row.uid(), String.valueOf(row.service())));
            }
        });
        return published;
    }

    private static Map<String, Object> ideal(FakeKubernetes kubernetes) {
        var namespace = (NamespaceFacts)
                kubernetes.of(Kind.NAMESPACES).values().iterator().next();
        var ideal = new TreeMap<String, Object>();
        kubernetes.of(Kind.SERVICES).forEach((name, facts) -> {
            var snapshot = Snapshots.present((ServiceFacts) facts, namespace, Given.CLUSTER_UID);
            ideal.put("c1/" + name, List.of(snapshot.uid(), String.valueOf(snapshot.service())));
        });
        return ideal;
    }

    private static Map<String, Object> slices(Bench bench) {
        var slices = new TreeMap<String, Object>();
        bench.tables.of(Topics.ENDPOINT_SLICES).rows().forEach((key, row) -> slices.put(key, row.endpoints()));
        return slices;
    }

    private static Map<String, Object> idealSlices(FakeKubernetes kubernetes) {
        var slices = new TreeMap<String, Object>();
        kubernetes.of(Kind.SLICES).forEach((name, facts) -> {
            var slice = (SliceFacts) facts;
            slices.put("c1/shop/" + slice.service() + "/" + name.name(), slice.endpoints());
        });
        return slices;
    }
}
