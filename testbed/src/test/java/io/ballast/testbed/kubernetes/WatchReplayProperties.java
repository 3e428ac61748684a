package io.ballast.testbed.kubernetes;

import static io.ballast.testbed.kubernetes.TestCluster.DEPLOYMENTS;
import static io.ballast.testbed.kubernetes.TestCluster.SERVICES;
import static io.ballast.testbed.kubernetes.TestCluster.deployment;
import static io.ballast.testbed.kubernetes.TestCluster.service;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WatchReplayProperties {
    private static final int STEPS = 60;
    private static final List<String> WATCHED = List.of(
            "/api/v1/services", "/api/v1/pods", "/api/v1/endpoints", "/apis/discovery.k8s.io/v1/endpointslices");

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 20);
    }

    private static TestCluster run(long seed) {
        var cluster = new TestCluster(
                KubernetesSettings.defaults().withSeed(seed).withDelays(Duration.ofSeconds(2), Duration.ofSeconds(1)));
        var random = new Random(seed);
        for (var step = 0; step < STEPS; step++) {
            var name = "s" + random.nextInt(4);
            switch (random.nextInt(7)) {
                case 0 -> cluster.post(SERVICES, service(name));
                case 1 -> cluster.send(ModelRequest.delete(SERVICES + "/" + name));
                case 2 ->
                    cluster.merge(
                            SERVICES + "/" + name,
                            "spec: {type: %s}".formatted(random.nextBoolean() ? "NodePort" : "ClusterIP"));
                case 3 -> cluster.post(DEPLOYMENTS, deployment(name, random.nextInt(5)));
                case 4 -> cluster.merge(DEPLOYMENTS + "/" + name, "spec: {replicas: %d}".formatted(random.nextInt(5)));
                case 5 -> cluster.send(ModelRequest.delete(DEPLOYMENTS + "/" + name));
                default -> cluster.pass(Duration.ofMillis(random.nextInt(2500)));
            }
        }
        return cluster;
    }

    private static Map<String, ObjectNode> state(List<ObjectNode> objects) {
        var state = new TreeMap<String, ObjectNode>();
        objects.forEach(object -> state.put(Meta.namespace(object) + "/" + Meta.name(object), object.deepCopy()));
        state.values().forEach(object -> object.remove(List.of("kind", "apiVersion")));
        return state;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void replaysFromAnyRevisionToWhatAListShows(long seed) {
        var cluster = run(seed);
        for (var path : WATCHED) {
            var selector = cluster.model
                    .watchOf(ModelRequest.get(path).withQuery(Map.of("watch", "1")))
                    .orElseThrow();
            var now = state(cluster.items(path));
            for (var from = 1L; from <= cluster.model.revision(); from += 7) {
                var past = cluster.query(
                        path, Map.of("resourceVersion", Long.toString(from), "resourceVersionMatch", "Exact"));
                var replayed = state(Json.objects(past.body().path("items")));
                for (var event : cluster.model.watch(selector, from).events()) {
                    var key = Meta.namespace(event.object()) + "/" + Meta.name(event.object());
                    switch (event.type()) {
                        case ADDED ->
                            assertThat(replayed.put(key, event.object())).isNull();
                        case MODIFIED ->
                            assertThat(replayed.put(key, event.object())).isNotNull();
                        default -> assertThat(replayed.remove(key)).isNotNull();
                    }
                }
                assertThat(state(List.copyOf(replayed.values()))).isEqualTo(now);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void repeatsExactlyForTheSameSeed(long seed) {
        var one = run(seed);
        var other = run(seed);
        assertThat(one.model.revision()).isEqualTo(other.model.revision());
        for (var path : WATCHED) {
            assertThat(one.get(path)).isEqualTo(other.get(path));
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void settlesWithEachServiceServedByItsReadyPods(long seed) {
        var cluster = run(seed);
        cluster.pass(Duration.ofMinutes(1));
        cluster.pass(Duration.ofMinutes(1));
        var ready = cluster.items("/api/v1/namespaces/default/pods").stream()
                .map(pod -> Json.text(pod, "status", "podIP"))
                .sorted()
                .toList();
        for (var service : cluster.items(SERVICES)) {
            if (!Meta.name(service).equals("kubernetes")) {
                var served = cluster.slicesOf(Meta.name(service)).stream()
                        .flatMap(slice -> Json.objects(slice.path("endpoints")).stream())
                        .filter(endpoint -> endpoint.at("/conditions/ready").asBoolean())
                        .map(endpoint -> endpoint.at("/addresses/0").asText())
                        .sorted()
                        .toList();
                assertThat(served).isEqualTo(ready);
            }
        }
        assertThat(cluster.model.nextChange()).isEmpty();
    }
}
