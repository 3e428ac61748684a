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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The four services as processes, a real broker, and models of Kubernetes and OpenStack behind HTTP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // started before the first test
public class PipelineIT {
    private Pipeline pipeline;
    private List<String> atStart; // the load balancer of default/kubernetes
    private final List<String> made = new ArrayList<>();

    @BeforeAll
    void start(@TempDir Path folder) {
        pipeline = open(folder.resolve("stack"));
        pipeline.settle();
        atStart = pipeline.addresses();
    }

    /** The same on another cloud does this in another way. */
    protected Pipeline open(Path folder) {
        return Pipeline.start(folder);
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
        pipeline.apply(ServiceYaml.endpoints("wide", 50));
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
            pipeline.apply(ServiceYaml.endpoints("steady", members++));
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
        pipeline.apply(ServiceYaml.endpoints("steady", 4));
        pipeline.killBroker();
        pipeline.apply(ServiceYaml.endpoints("steady", 5));
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
        pipeline.apply(ServiceYaml.endpoints("good", 2));

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
        pipeline.apply(ServiceYaml.service(
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
        pipeline.apply(ServiceYaml.endpoints("internal", 1));
        pipeline.apply(ServiceYaml.service("internal", "LoadBalancer", "")
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
        pipeline.apply(ServiceYaml.endpoints("internal", 3));
        await().atMost(Pipeline.WITHIN).until(() -> pipeline.writesFor("internal") > before);
        assertThat(pipeline.floatingIp(floatingIp).path("port_id")).isEqualTo(loadBalancer.path("vip_port_id"));
        pipeline.deleteFloatingIp(floatingIp);
        pipeline.delete("internal");
    }

    @Test
    void saysOnTheServiceWhatItCannotDo() {
        // Given
        pipeline.apply(ServiceYaml.service("refused", "LoadBalancer", "no-address"));
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
            pipeline.apply(ServiceYaml.endpoints(name, members));
        }
        pipeline.apply(ServiceYaml.service(name, type, ""));
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
}
