package io.ballast.testbed.kubernetes;

import static io.ballast.testbed.kubernetes.TestCluster.SERVICES;
import static io.ballast.testbed.kubernetes.TestCluster.service;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WatchTest {
    private final TestCluster cluster = TestCluster.ofDefaults();

    private WatchSelector selector(Map<String, String> query) {
        var all = new HashMap<>(query);
        all.put("watch", "true");
        return cluster.model.watchOf(ModelRequest.get(SERVICES).withQuery(all)).orElseThrow();
    }

    private static List<String> told(WatchBatch batch) {
        return batch.events().stream()
                .map(event -> event.type() + " " + Meta.name(event.object()))
                .toList();
    }

    @Test
    void tellsWhatHappenedInOrder() {
        var from = cluster.model.revision();
        cluster.created(SERVICES, service("a"));
        cluster.merge(SERVICES + "/a", "metadata: {labels: {x: y}}");
        cluster.send(ModelRequest.delete(SERVICES + "/a"));

        var batch = cluster.model.watch(selector(Map.of()), from);

        assertThat(told(batch)).containsExactly("ADDED a", "MODIFIED a", "DELETED a");
        assertThat(Meta.revision(batch.events().getLast().object()))
                .isEqualTo(batch.events().getLast().revision());
        assertThat(batch.revision()).isEqualTo(cluster.model.revision());
    }

    @Test
    void turnsLeavingASelectorIntoADeletion() {
        var from = cluster.model.revision();
        cluster.created(SERVICES, service("a"));
        cluster.merge(SERVICES + "/a", "metadata: {labels: {app: web}}");
        cluster.merge(SERVICES + "/a", "metadata: {labels: {app: db}}");

        assertThat(told(cluster.model.watch(selector(Map.of("labelSelector", "app=web")), from)))
                .containsExactly("ADDED a", "DELETED a");
    }

    @Test
    void endsWithExpiredAfterACompaction() {
        var from = cluster.model.revision();
        cluster.created(SERVICES, service("a"));
        cluster.model.compact(cluster.model.revision());

        var batch = cluster.model.watch(selector(Map.of()), from);

        assertThat(batch.isExpired()).isTrue();
        assertThat(batch.events().getFirst().object().path("code").asInt()).isEqualTo(410);
        assertThat(cluster.model
                        .watch(selector(Map.of()), cluster.model.revision())
                        .isExpired())
                .isFalse();
    }

    @Test
    void lagsOnlyWhereARealReplicaMay() {
        var before = cluster.model.revision();
        cluster.created(SERVICES, service("a"));
        cluster.model.lagAt(before);

        assertThat(cluster.query(SERVICES, Map.of("resourceVersion", "0"))
                        .body()
                        .path("items"))
                .hasSize(1);
        assertThat(cluster.query(SERVICES + "/a", Map.of("resourceVersion", "0"))
                        .status())
                .isEqualTo(404);
        assertThat(cluster.items(SERVICES)).hasSize(2);
        assertThat(cluster.model.watch(selector(Map.of()), before).events()).isEmpty();
        cluster.model.catchUp();
        assertThat(told(cluster.model.watch(selector(Map.of()), before))).containsExactly("ADDED a");
    }

    @Test
    void losesAnEventThatIsDropped() {
        var from = cluster.model.revision();
        cluster.created(SERVICES, service("a"));
        cluster.model.dropWatchEvent(Meta.revision(cluster.get(SERVICES + "/a")));
        assertThat(cluster.model.watch(selector(Map.of()), from).events()).isEmpty();
        assertThat(cluster.items(SERVICES)).hasSize(2);
    }

    @Test
    void showsTablesToWhoAsksForThem() {
        cluster.created(SERVICES, service("a", "type: LoadBalancer"));
        var table = cluster.send(ModelRequest.get(SERVICES).withAccept("application/json;as=Table;v=v1;g=meta.k8s.io"))
                .body();
        assertThat(Json.texts(table.at("/rows/0/cells")).subList(0, 4))
                .containsExactly("a", "LoadBalancer", "10.2.1.1", "<pending>");
    }
}
