package io.ballast.testbed.kubernetes;

import static io.ballast.testbed.kubernetes.TestCluster.DEPLOYMENTS;
import static io.ballast.testbed.kubernetes.TestCluster.ENDPOINTS;
import static io.ballast.testbed.kubernetes.TestCluster.PODS;
import static io.ballast.testbed.kubernetes.TestCluster.SERVICES;
import static io.ballast.testbed.kubernetes.TestCluster.deployment;
import static io.ballast.testbed.kubernetes.TestCluster.service;
import static io.ballast.testbed.kubernetes.TestCluster.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class EndpointSlicesTest {
    private final TestCluster cluster =
            new TestCluster(KubernetesSettings.defaults().withDelays(Duration.ofSeconds(2), Duration.ofSeconds(3)));

    private List<ObjectNode> endpoints(String service) {
        return cluster.slicesOf(service).stream()
                .flatMap(slice -> Json.objects(slice.path("endpoints")).stream())
                .toList();
    }

    private static String conditions(JsonNode endpoint) {
        var conditions = endpoint.path("conditions");
        return "%s %s %s"
                .formatted(conditions.path("ready"), conditions.path("serving"), conditions.path("terminating"));
    }

    @Test
    void followsReadinessAndTermination() {
        cluster.created(SERVICES, service("web"));
        assertThat(cluster.slicesOf("web")).singleElement().satisfies(slice -> {
            assertThat(slice.path("endpoints").isNull()).isTrue();
            assertThat(Meta.name(slice)).matches("web-[a-z0-9]{5}");
            assertThat(Meta.label(slice, SliceWriter.MANAGED_BY)).isEqualTo("endpointslice-controller.k8s.io");
        });

        cluster.created(DEPLOYMENTS, deployment("web", 1));
        assertThat(conditions(endpoints("web").getFirst())).isEqualTo("false false false");
        cluster.pass(Duration.ofSeconds(2));
        assertThat(conditions(endpoints("web").getFirst())).isEqualTo("true true false");
        cluster.merge(DEPLOYMENTS + "/web", "spec: {replicas: 0}");
        assertThat(conditions(endpoints("web").getFirst())).isEqualTo("false true true");
        cluster.pass(Duration.ofSeconds(3));
        assertThat(endpoints("web")).isEmpty();
        assertThat(cluster.slicesOf("web")).hasSize(1);
    }

    @Test
    void saysWhereEndpointsComeFrom() {
        cluster.created(SERVICES, service("web"));
        cluster.created(DEPLOYMENTS, deployment("web", 1));
        var pod = cluster.items(PODS).getFirst();

        var endpoint = endpoints("web").getFirst();
        assertThat(endpoint.at("/targetRef/uid").asText()).isEqualTo(Meta.uid(pod));
        assertThat(endpoint.at("/addresses/0").asText()).isEqualTo(Json.text(pod, "status", "podIP"));
        assertThat(endpoint.path("nodeName").asText()).isEqualTo(Json.text(pod, "spec", "nodeName"));
        assertThat(cluster.get(ENDPOINTS + "/web").at("/subsets/0/notReadyAddresses/0/ip"))
                .isEqualTo(endpoint.at("/addresses/0"));
    }

    @Test
    void holdsAtMostAHundredEndpointsInASlice() {
        cluster.created(SERVICES, service("web"));
        cluster.created(DEPLOYMENTS, deployment("web", 250));
        var slices = cluster.slicesOf("web");
        assertThat(slices)
                .hasSize(3)
                .allSatisfy(slice -> assertThat(slice.path("endpoints").size()).isBetween(1, 100));
        assertThat(endpoints("web")).hasSize(250);

        cluster.merge(DEPLOYMENTS + "/web", "spec: {replicas: 260}");
        assertThat(cluster.slicesOf("web")).hasSize(3);
        var addresses = new HashSet<String>();
        endpoints("web")
                .forEach(endpoint -> addresses.add(endpoint.at("/addresses/0").asText()));
        assertThat(addresses).hasSize(260);
    }

    @Test
    void resolvesNamedPortsPodByPod() {
        cluster.created(SERVICES, service("web", "ports: [{port: 80, targetPort: http}]"));
        cluster.created(DEPLOYMENTS, deployment("web", 1));
        var other = deployment("other", 1);
        ((ObjectNode) other.at("/spec/template/spec/containers/0/ports/0")).put("containerPort", 9090);
        cluster.created(DEPLOYMENTS, other);

        assertThat(cluster.slicesOf("web"))
                .extracting(slice -> slice.at("/ports/0/port").asInt())
                .containsExactlyInAnyOrder(8080, 9090);
    }

    @Test
    void publishesWhatIsNotReadyWhenAsked() {
        cluster.created(SERVICES, service("web", "publishNotReadyAddresses: true"));
        cluster.created(DEPLOYMENTS, deployment("web", 1));
        assertThat(conditions(endpoints("web").getFirst())).isEqualTo("true false false");
    }

    @Test
    void movesWithPortsAndSelectorAndGoesWithTheService() {
        cluster.created(SERVICES, service("web"));
        cluster.created(DEPLOYMENTS, deployment("web", 1));
        cluster.merge(SERVICES + "/web", "spec: {ports: [{port: 80, targetPort: 9000}]}");
        assertThat(cluster.slicesOf("web"))
                .singleElement()
                .satisfies(
                        slice -> assertThat(slice.at("/ports/0/port").asInt()).isEqualTo(9000));
        cluster.merge(SERVICES + "/web", "spec: {selector: {app: none}}");
        assertThat(endpoints("web")).isEmpty();
        cluster.send(ModelRequest.delete(SERVICES + "/web"));
        assertThat(cluster.slicesOf("web")).isEmpty();
        assertThat(cluster.items(ENDPOINTS)).extracting(Meta::name).containsExactly("kubernetes");
    }

    @Test
    void healsASliceThatSomebodyDeleted() {
        cluster.created(SERVICES, service("web"));
        cluster.created(DEPLOYMENTS, deployment("web", 2));
        cluster.send(ModelRequest.delete(
                TestCluster.SLICES + "/" + Meta.name(cluster.slicesOf("web").getFirst())));
        assertThat(endpoints("web")).hasSize(2);
    }

    @Test
    void hasASliceForEachFamily() {
        var dual = new TestCluster(KubernetesSettings.defaults()
                .withServiceCidrs("10.2.0.0/17", "fd10:0:0:2::/112")
                .withPodCidrs("10.1.0.0/16", "fd10:0:0:1::/64"));
        dual.created(SERVICES, service("web", "ipFamilyPolicy: RequireDualStack"));
        dual.created(DEPLOYMENTS, deployment("web", 1));
        assertThat(dual.slicesOf("web"))
                .extracting(slice -> Json.text(slice, "addressType"))
                .containsExactlyInAnyOrder("IPv4", "IPv6");
    }

    @Test
    void mirrorsEndpointsThatAUserWrote() {
        var service = service("ext");
        Json.child(service, "spec").remove("selector");
        cluster.created(SERVICES, service);
        cluster.created(ENDPOINTS, yaml("""
                metadata: {name: ext}
                subsets: [{addresses: [{ip: 198.51.100.1}, {ip: 2001:db8::1}], notReadyAddresses: [{ip: 198.51.100.2}], ports: [{port: 9}]}]
                """));

        assertThat(cluster.slicesOf("ext"))
                .hasSize(2)
                .allSatisfy(slice -> assertThat(Meta.label(slice, SliceWriter.MANAGED_BY))
                        .isEqualTo("endpointslicemirroring-controller.k8s.io"));
        assertThat(endpoints("ext")).hasSize(3);
        cluster.send(ModelRequest.delete(ENDPOINTS + "/ext"));
        assertThat(cluster.slicesOf("ext")).isEmpty();
        assertThat(TestCluster.message(cluster.post(
                        ENDPOINTS, yaml("{metadata: {name: x}, subsets: [{addresses: [{ip: 127.0.0.1}]}]}"))))
                .contains("may not be in the loopback range");
    }
}
