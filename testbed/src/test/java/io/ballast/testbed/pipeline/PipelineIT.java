package io.ballast.testbed.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.DesiredLoadBalancer;
import io.ballast.schemas.contract.DesiredState;
import io.ballast.testbed.stack.LocalStack.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The four services as processes, a real broker, and models of Kubernetes and OpenStack behind HTTP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // started before the first test
class PipelineIT {
    private Pipeline pipeline;
    private List<String> atStart; // the load balancer of default/kubernetes
    private final List<String> made = new ArrayList<>();

    @BeforeAll
    void start(@TempDir Path folder) {
        pipeline = Pipeline.start(folder.resolve("stack"));
        pipeline.settle();
        atStart = pipeline.addresses();
    }

    @AfterAll
    void stop() {
        if (pipeline != null) {
            pipeline.close();
        }
    }

    @AfterEach
    void deleteAll() {
        pipeline.mend();
        made.forEach(pipeline::delete);
        made.clear();
        pipeline.settle();
        await().atMost(Pipeline.WITHIN).until(() -> pipeline.addresses().equals(atStart));
    }

    @Test
    void createsByOneWriteWhenEndpointsCameBeforeTheGrant() {
        // Given endpoints and no ipam that could grant anything
        pipeline.kill(Role.IPAM);
        make("early", "ClusterIP", 3);
        await().atMost(Pipeline.WITHIN).until(() -> desiredMembers("early") == 3);

        // When
        pipeline.restart(Role.IPAM);
        pipeline.settle();

        // Then
        assertThat(pipeline.writesFor("early")).isEqualTo(1);
    }

    @Test
    void addsManyMembersByOneWrite() {
        // Given
        make("wide", "ClusterIP", 3);
        pipeline.settle();
        long before = pipeline.writes();

        // When
        pipeline.apply(endpoints("wide", 50));
        await().atMost(Pipeline.WITHIN).until(() -> desiredMembers("wide") == 50);
        pipeline.settle();

        // Then
        assertThat(pipeline.writes() - before).isEqualTo(1);
    }

    @Test
    void endsTheSameWhicheverServiceIsKilledAmidAChange() {
        // Given
        make("steady", "LoadBalancer", 2);
        pipeline.settle();
        var before = pipeline.addresses();
        int members = 3;

        for (var role : Role.values()) {
            // When
            pipeline.apply(endpoints("steady", members++));
            pipeline.kill(role);
            pipeline.restart(role);

            // Then
            pipeline.settle();
            assertThat(pipeline.addresses()).as("after killing " + role.text()).isEqualTo(before);
        }
    }

    @Test
    void endsTheSameWhenTheBrokerIsKilledAmidAChange() {
        // Given
        make("steady", "LoadBalancer", 2);
        pipeline.settle();
        var before = pipeline.addresses();

        // When
        pipeline.apply(endpoints("steady", 4));
        pipeline.killBroker();
        pipeline.apply(endpoints("steady", 5));
        pipeline.restartBroker();

        // Then
        pipeline.settle();
        assertThat(pipeline.addresses()).isEqualTo(before);
    }

    @Test
    void writesNothingWhenRestartedServicesReadEverythingAgain() {
        // Given
        make("replayed", "LoadBalancer", 3);
        make("unbacked", "ClusterIP", 0);
        pipeline.settle();
        pipeline.stopServices();
        long before = pipeline.writes();
        var addresses = pipeline.addresses();
        var desired = pipeline.table().bytes(Topics.DESIRED_LOAD_BALANCERS);

        // When
        pipeline.startServices();
        assertWorks("probe");

        // Then
        assertThat(pipeline.writes() - before).as("one for the probe").isEqualTo(1);
        assertThat(pipeline.addresses()).containsAll(addresses);
        assertThat(pipeline.table().bytes(Topics.DESIRED_LOAD_BALANCERS)).containsAllEntriesOf(desired);
    }

    @Test
    void writesNothingAndMovesNothingWhenAllTopicsAreLost() throws Exception {
        // Given
        make("kept", "LoadBalancer", 3);
        make("unbacked", "ClusterIP", 0);
        pipeline.settle();
        pipeline.stopServices();
        long before = pipeline.writes();
        var addresses = pipeline.addresses();

        // When
        pipeline.loseAllTopics();
        pipeline.startServices();
        assertWorks("probe");

        // Then
        assertThat(pipeline.writes() - before).as("one for the probe").isEqualTo(1);
        assertThat(pipeline.addresses()).containsAll(addresses);
    }

    @Test
    void goesOnBesideRecordsThatNobodyCanRead() throws Exception {
        // Given
        make("good", "ClusterIP", 1);
        pipeline.settle();

        // When
        pipeline.table().write(Topics.SERVICES, "local/default/rotten", "no record of ours");
        pipeline.table().write(Topics.DESIRED_LOAD_BALANCERS, "local/default/rotten", "no record of ours");
        pipeline.apply(endpoints("good", 2));

        // Then
        pipeline.settle();
        await().atMost(Pipeline.WITHIN)
                .untilAsserted(() -> assertThat(
                                pipeline.table().bytes(Topics.DEAD_LETTERS).keySet())
                        .anyMatch(key -> key.contains("services/"))
                        .anyMatch(key -> key.contains("desired-load-balancers/")));
    }

    @Test
    void leavesTheFloatingIpOfAUserAlone() {
        // Given
        var floatingIp = pipeline.makeFloatingIp(Map.of());

        // When
        pipeline.apply(service(
                "named", "LoadBalancer", floatingIp.path("floating_ip_address").asText()));
        made.add("named");
        pipeline.settle();
        pipeline.delete("named");
        pipeline.settle();

        // Then
        assertThat(pipeline.floatingIp(floatingIp).path("port_id").isNull()).isTrue();
        pipeline.deleteFloatingIp(floatingIp);
    }

    @Test
    void showsAFloatingIpThatAUserAssociatedByHandAndNeverTakesItAway() {
        // Given
        pipeline.apply(endpoints("internal", 1));
        pipeline.apply(service("internal", "LoadBalancer", "")
                .replace("namespace: default", "namespace: default, annotations: {ballast.io/internal: \"true\"}"));
        made.add("internal");
        await().atMost(Pipeline.WITHIN).until(() -> pipeline.ingress("internal").size() == 1);
        var loadBalancer = pipeline.loadBalancer("internal");
        assertThat(pipeline.ingress("internal"))
                .containsExactly(loadBalancer.path("vip_address").asText());

        // When
        var floatingIp = pipeline.makeFloatingIp(
                Map.of("port_id", loadBalancer.path("vip_port_id").asText()));
        pipeline.kill(Role.OCTAVIA); // a start lists floating IPs at once, as every resync does
        pipeline.restart(Role.OCTAVIA);

        // Then
        await().atMost(Pipeline.WITHIN)
                .until(() -> pipeline.ingress("internal")
                        .equals(List.of(floatingIp.path("floating_ip_address").asText())));
        await().atMost(Pipeline.WITHIN)
                .until(() -> pipeline.programmed("internal").startsWith("True The load balancer serves"));
        long before = pipeline.writesFor("internal");
        pipeline.apply(endpoints("internal", 3));
        await().atMost(Pipeline.WITHIN).until(() -> pipeline.writesFor("internal") > before);
        assertThat(pipeline.floatingIp(floatingIp).path("port_id")).isEqualTo(loadBalancer.path("vip_port_id"));
        pipeline.deleteFloatingIp(floatingIp);
        pipeline.delete("internal");
    }

    @Test
    void saysOnTheServiceWhatItCannotDo() {
        // Given
        pipeline.apply(service("refused", "LoadBalancer", "no-address"));
        made.add("refused");

        // Then
        await().atMost(Pipeline.WITHIN)
                .untilAsserted(() -> assertThat(pipeline.programmed("refused"))
                        .startsWith("False")
                        .contains("loadBalancerIP", "no-address"));
        pipeline.delete("refused");
    }

    /** A Service that is made now is served: whatever was to be done before it has been done. */
    private void assertWorks(String name) {
        make(name, "ClusterIP", 1);
        pipeline.settle();
        await().atMost(Pipeline.WITHIN).until(() -> pipeline.programmed(name).startsWith("True"));
    }

    private void make(String name, String type, int members) {
        if (members > 0) {
            pipeline.apply(endpoints(name, members));
        }
        pipeline.apply(service(name, type, ""));
        made.add(name);
    }

    private int desiredMembers(String name) {
        var desired = pipeline.table().values(Topics.DESIRED_LOAD_BALANCERS).get("local/default/" + name);
        return desired == null || desired.state() != DesiredState.PRESENT ? 0 : members(desired);
    }

    private static int members(DesiredLoadBalancer desired) {
        return desired.loadBalancers().stream()
                .flatMap(loadBalancer -> loadBalancer.pools().stream())
                .mapToInt(pool -> pool.members().size())
                .sum();
    }

    private static String service(String name, String type, String address) {
        return """
                apiVersion: v1
                kind: Service
                metadata: {name: %s, namespace: default}
                spec:
                  type: %s
                %s
                  ports: [{name: http, port: 80, targetPort: 8080}]
                """.formatted(name, type, address.isEmpty() ? "" : "  loadBalancerIP: " + address);
    }

    /** A slice that a person wrote, with so many endpoints. */
    private static String endpoints(String name, int count) {
        var each = IntStream.rangeClosed(1, count)
                .mapToObj(number -> "{addresses: [10.1.9.%d], conditions: {ready: true}}".formatted(number))
                .collect(Collectors.joining(", "));
        return """
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata:
                  name: %s-1
                  namespace: default
                  labels: {kubernetes.io/service-name: %s}
                addressType: IPv4
                ports: [{name: http, port: 8080, protocol: TCP}]
                endpoints: [%s]
                """.formatted(name, name, each);
    }
}
