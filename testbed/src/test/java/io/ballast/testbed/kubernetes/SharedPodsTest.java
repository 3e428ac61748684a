package io.ballast.testbed.kubernetes;

import static io.ballast.testbed.kubernetes.TestCluster.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Services that share pods, or part with them: each keeps exactly the endpoints it selects. */
class SharedPodsTest {
    private static final String PODS = "/api/v1/namespaces/default/pods";
    private static final String SERVICES = "/api/v1/namespaces/default/services";

    private static final Duration SETTLED = Duration.ofSeconds(5);

    private final TestCluster cluster = TestCluster.ofDefaults();

    @Test
    void followPodsAndSelectorsThatChange() {
        // Given
        pod("one", "app: web, tier: front", 8080);
        pod("two", "app: web", 9090);
        service("all", "app: web");
        service("front", "tier: front, app: web");
        assertThat(endpoints("all")).isEqualTo(2);
        assertThat(endpoints("front")).isEqualTo(1);
        assertThat(slices("all"))
                .as("a named port that differs makes another slice")
                .isEqualTo(2);

        // When
        cluster.merge(PODS + "/two", "metadata: {labels: {tier: front}}");
        cluster.merge(PODS + "/one", "metadata: {labels: {app: other}}");

        // Then
        assertThat(endpoints("all")).isEqualTo(1);
        assertThat(endpoints("front")).isEqualTo(1);
        cluster.merge(SERVICES + "/all", "spec: {selector: {app: other}}");
        assertThat(endpoints("all")).isEqualTo(1);
        cluster.merge(PODS + "/one", "metadata: {labels: {app: web, tier: null}}");
        assertThat(endpoints("all")).isZero();
        assertThat(endpoints("front")).isEqualTo(1);
    }

    private void pod(String name, String labels, int port) {
        cluster.created(PODS, yaml("""
                metadata: {name: %s, labels: {%s}}
                spec: {containers: [{name: web, image: 'web:1', ports: [{name: http, containerPort: %d}]}]}
                """.formatted(name, labels, port)));
        cluster.pass(SETTLED);
    }

    private void service(String name, String selector) {
        cluster.created(SERVICES, yaml("""
                metadata: {name: %s}
                spec: {selector: {%s}, ports: [{port: 80, targetPort: http}]}
                """.formatted(name, selector)));
        cluster.pass(SETTLED);
    }

    private int endpoints(String service) {
        cluster.pass(SETTLED);
        return cluster.slicesOf(service).stream()
                .mapToInt(slice -> slice.path("endpoints").size())
                .sum();
    }

    private int slices(String service) {
        return cluster.slicesOf(service).size();
    }
}
