package io.ballast.testbed.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.ballast.testbed.kubernetes.Kubectl;
import io.ballast.testbed.openstack.Layout;
import io.ballast.testbed.stack.LocalStack.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a user asks of a Service with kubectl, and what comes of it in Octavia and on the Service. A cluster of both families. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // started before the first test
public class ServiceFeaturesIT {
    private static final Duration WITHIN = Pipeline.WITHIN;

    private Pipeline pipeline;
    private Kubectl kubectl;
    private KubectlUser user;
    private List<String> atStart; // the load balancer of default/kubernetes

    @BeforeAll
    void start(@TempDir Path folder) {
        assumeThat(Kubectl.isInstalled())
                .as("kubectl is on this machine: without it no feature is shown by it")
                .isTrue();
        pipeline = open(folder.resolve("stack"));
        kubectl = new Kubectl(pipeline.kubeconfig(), folder.resolve("cache"));
        user = new KubectlUser(kubectl);
        pipeline.settle();
        atStart = pipeline.addresses();
    }

    /** The same on another cloud does this in another way. */
    protected Pipeline open(Path folder) {
        return Pipeline.start(Layout.DUAL, folder);
    }

    @AfterAll
    void stop() {
        if (pipeline != null) {
            pipeline.close();
        }
    }

    @AfterEach
    void deleteAll() {
        kubectl.run("delete", "deploy,svc", "-l", "test", "--timeout=60s");
        kubectl.run("delete", "pods", "-l", "test", "--grace-period=0", "--force", "--wait=false");
        eventually(() -> assertThat(pipeline.addresses()).isEqualTo(atStart));
    }

    // --- drain

    @Test
    void aPodThatTerminatesDrainsAndServesAsALastResort() {
        // Given
        user.deploy("draining", 2);
        user.serve("draining", "ClusterIP", "ballast.io/provider: amphora");
        var pods = user.pods("draining");
        eventually(() -> assertThat(octavia("draining").weights()).isEqualTo(all(pods.keySet(), 1)));

        // When
        kubectl.run("scale", "deploy/draining", "--replicas=1");

        // Then
        eventually(() -> {
            var now = user.pods("draining");
            assertThat(now.values()).containsExactlyInAnyOrder(true, false);
            var drains = new TreeMap<String, Integer>();
            now.forEach((address, terminates) -> drains.put(address, terminates ? 0 : 1));
            assertThat(octavia("draining").weights()).isEqualTo(drains);
        });

        // When
        kubectl.run("scale", "deploy/draining", "--replicas=0");

        // Then
        eventually(() -> assertThat(octavia("draining").weights()).isEqualTo(all(pods.keySet(), 1)));
        assertThat(user.pods("draining").values()).containsOnly(true);
        user.awaitProgrammed("draining", true);

        // When
        user.endPods("draining");

        // Then
        eventually(() -> assertThat(octavia("draining").weights()).isEmpty());
        assertThat(octavia("draining").listener().path("default_pool_id").asText())
                .isEqualTo(octavia("draining").pool().path("id").asText());
        user.awaitProgrammed("draining", true);
    }

    @Test
    void onOvnAPodThatTerminatesLeavesUnlessItIsTheLast() {
        // Given
        user.deploy("leaving", 2);
        user.serve("leaving", "ClusterIP", "ballast.io/provider: ovn");
        assertThat(octavia("leaving").loadBalancer().path("provider").asText()).isEqualTo("ovn");
        eventually(() -> assertThat(octavia("leaving").weights()).hasSize(2));

        // When
        var deleted = kubectl.get("pods", "-l", "app=leaving").path("items").path(0);
        kubectl.run("delete", "pod", deleted.at("/metadata/name").asText(), "--wait=false");

        // Then
        eventually(() -> {
            var now = user.pods("leaving");
            assertThat(now).hasSize(3).containsEntry(deleted.at("/status/podIP").asText(), true);
            now.values().removeIf(terminates -> terminates);
            assertThat(octavia("leaving").weights()).isEqualTo(all(now.keySet(), 1));
        });

        // When
        kubectl.run("scale", "deploy/leaving", "--replicas=0");

        // Then
        eventually(() -> assertThat(octavia("leaving").weights())
                .isEqualTo(all(user.pods("leaving").keySet(), 1))
                .hasSize(3));

        // When
        user.endPods("leaving");

        // Then
        eventually(() -> assertThat(octavia("leaving").weights()).isEmpty());
    }

    // --- source ranges

    @Test
    void sourceRangesNarrowCloseAndOpenTheListener() {
        // Given
        user.deploy("guarded", 1);
        user.serve("guarded", "LoadBalancer", "ballast.io/internal: 'true'");
        var id = octavia("guarded").listener().path("id").asText();
        assertThat(octavia("guarded").allowed()).isEmpty();

        // When
        user.sourceRanges("guarded", "[\"203.0.113.0/24\", \"198.51.100.0/25\"]");

        // Then those and the pods of the cluster
        eventually(() -> assertThat(octavia("guarded").allowed())
                .containsExactlyInAnyOrder("10.1.0.0/16", "198.51.100.0/25", "203.0.113.0/24"));

        // When one cannot be read by the API server
        var refused = kubectl.attempt(
                "", KubectlUser.patch("guarded", "{\"spec\":{\"loadBalancerSourceRanges\":[\"everybody\"]}}"));

        // Then
        assertThat(refused.code()).isNotZero();
        assertThat(refused.text()).contains("must be a list of IP ranges");

        // When the API server reads one that could be meant as octal
        user.sourceRanges("guarded", "[\"203.0.0113.0/24\"]");

        // Then
        user.awaitProgrammed("guarded", false);
        assertThat(user.condition("guarded").path("reason").asText()).isEqualTo("ServiceRefused");
        assertThat(user.condition("guarded").path("message").asText())
                .contains("Source range '203.0.0113.0/24' is not a range such as 203.0.113.0/24");
        eventually(() -> assertThat(octavia("guarded").allowed())
                .as("nobody from outside")
                .containsExactly("10.1.0.0/16"));

        // When
        user.sourceRanges("guarded", "null");

        // Then
        user.awaitProgrammed("guarded", true);
        eventually(() -> assertThat(octavia("guarded").allowed()).isEmpty());
        assertThat(octavia("guarded").listener().path("id").asText()).isEqualTo(id);
    }

    @Test
    void onOvnSourceRangesAreRefusedAndTheListenerIsShut() {
        // Given
        user.deploy("unguarded", 1);
        user.serve("unguarded", "LoadBalancer", "ballast.io/internal: 'true', ballast.io/provider: ovn");

        // When
        user.sourceRanges("unguarded", "[\"203.0.113.0/24\"]");

        // Then
        user.awaitProgrammed("unguarded", false);
        assertThat(user.condition("unguarded").path("message").asText())
                .contains("Provider ovn cannot restrict sources: remove loadBalancerSourceRanges");
        eventually(() -> assertThat(octavia("unguarded").isOpen()).isFalse());

        // When
        user.sourceRanges("unguarded", "null");

        // Then
        user.awaitProgrammed("unguarded", true);
        eventually(() -> assertThat(octavia("unguarded").isOpen()).isTrue());
    }

    // --- affinity

    @Test
    void affinityComesAndGoesInPlace() {
        // Given
        user.deploy("sticky", 1);
        kubectl.apply("""
                apiVersion: v1
                kind: Service
                metadata: {name: sticky, labels: {test: features}}
                spec:
                  selector: {app: sticky}
                  ports: [{name: web, port: 80, targetPort: 8080}, {name: game, protocol: UDP, port: 3000}]
                """);
        user.awaitProgrammed("sticky", true);
        var ids = octavia("sticky").pools("id");

        // When
        kubectl.run(KubectlUser.patch("sticky", """
                {"spec": {"sessionAffinity": "ClientIP", "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 600}}}}
                """));

        // Then
        eventually(() -> assertThat(octavia("sticky").pools("session_persistence"))
                .hasEntrySatisfying(
                        "TCP", each -> assertThat(each.path("type").asText()).isEqualTo("SOURCE_IP"))
                .hasEntrySatisfying("UDP", each -> {
                    assertThat(each.path("type").asText()).isEqualTo("SOURCE_IP");
                    assertThat(each.path("persistence_timeout").asInt()).isEqualTo(600);
                }));
        eventually(() ->
                assertThat(user.condition("sticky").path("message").asText()).contains("SessionAffinityTimeout"));
        user.awaitProgrammed("sticky", true);

        // When
        kubectl.run(KubectlUser.patch(
                "sticky", "{\"spec\": {\"sessionAffinity\": \"None\", \"sessionAffinityConfig\": null}}"));

        // Then
        eventually(
                () -> assertThat(octavia("sticky").pools("session_persistence").values())
                        .allSatisfy(each -> assertThat(each.isNull()).isTrue()));
        assertThat(octavia("sticky").pools("id")).isEqualTo(ids);
    }

    // --- dual stack

    @Test
    void aServiceOfBothFamiliesShowsAnAddressOfEach() {
        // Given
        user.deploy("both", 1);
        var floatingIp = pipeline.makeFloatingIp(Map.of());
        var address = floatingIp.path("floating_ip_address").asText();

        // When
        kubectl.apply(KubectlUser.service(
                "both", "LoadBalancer", "ballast.io/internal: 'true'", "ipFamilyPolicy: RequireDualStack"));
        kubectl.apply(KubectlUser.service(
                "outside", "LoadBalancer", "", "ipFamilyPolicy: PreferDualStack\n  loadBalancerIP: " + address));

        // Then
        user.awaitProgrammed("both", true);
        user.awaitProgrammed("outside", true);
        var inside = user.vips("both");
        assertThat(inside).hasSize(2);
        eventually(() -> assertThat(user.ingress("both")).containsExactlyElementsOf(inside));
        eventually(() -> assertThat(user.ingress("outside"))
                .containsExactly(address, user.vips("outside").getLast()));
        assertThat(octavia("both").loadBalancer().path("vip_address").asText()).isEqualTo(inside.getFirst());
        assertThat(octavia("both")
                        .loadBalancer()
                        .path("additional_vips")
                        .path(0)
                        .path("ip_address")
                        .asText())
                .isEqualTo(inside.getLast());

        // When
        kubectl.run("delete", "svc", "outside", "--timeout=60s");

        // Then
        assertThat(pipeline.floatingIp(floatingIp).path("port_id").isNull()).isTrue();
        pipeline.deleteFloatingIp(floatingIp);
    }

    // --- a floating IP of a user

    @Test
    void aFloatingIpAssociatedByHandIsShownAndStaysUntilItsUserTakesItAway() {
        // Given
        user.deploy("handmade", 1);
        user.serve("handmade", "LoadBalancer", "ballast.io/internal: 'true'");
        eventually(() -> assertThat(user.ingress("handmade")).containsExactlyElementsOf(user.vips("handmade")));
        var port = octavia("handmade").loadBalancer().path("vip_port_id");

        // When
        var floatingIp = pipeline.makeFloatingIp(Map.of("port_id", port.asText()));
        var address = floatingIp.path("floating_ip_address").asText();
        restartOctavia();

        // Then
        eventually(() -> assertThat(user.ingress("handmade")).containsExactly(address));
        user.awaitProgrammed("handmade", true);

        // When the Service asks for one that would have to take its place
        kubectl.run("annotate", "svc", "handmade", "ballast.io/internal-");

        // Then
        user.awaitProgrammed("handmade", false);
        eventually(() ->
                assertThat(user.condition("handmade").path("reason").asText()).isEqualTo("ForeignFloatingIp"));
        restartOctavia();
        eventually(() -> assertThat(user.ingress("handmade")).containsExactly(address));
        assertThat(pipeline.floatingIp(floatingIp).path("port_id")).isEqualTo(port);

        // When
        pipeline.deleteFloatingIp(floatingIp);
        restartOctavia();

        // Then
        user.awaitProgrammed("handmade", true);
        eventually(() -> assertThat(user.ingress("handmade"))
                .singleElement()
                .asString()
                .startsWith("172.24.4.")
                .isNotEqualTo(address));
    }

    // --- an annotation that nobody knows

    @Test
    void aMisspeltAnnotationIsRefusedInWordsAndChangesNothing() {
        // Given
        user.deploy("misspelt", 1);
        user.serve("misspelt", "ClusterIP", "");
        eventually(() -> assertThat(octavia("misspelt").weights()).hasSize(1));
        var before = octavia("misspelt").everything();
        int writes = pipeline.writesFor("misspelt");

        // When
        kubectl.run("annotate", "svc", "misspelt", "ballast.io/algoritm=LEAST_CONNECTIONS");

        // Then
        user.awaitProgrammed("misspelt", false);
        assertThat(user.condition("misspelt").path("message").asText())
                .contains("ballast.io/algoritm is not known; did you mean ballast.io/algorithm?");
        eventually(() -> assertThat(kubectl.run("describe", "svc", "misspelt"))
                .containsPattern("Warning +SyncLoadBalancerFailed .*did you mean ballast.io/algorithm\\?"));
        assertThat(octavia("misspelt").everything()).isEqualTo(before);
        assertThat(pipeline.writesFor("misspelt")).isEqualTo(writes);

        // When
        kubectl.run("annotate", "svc", "misspelt", "ballast.io/algoritm-", "ballast.io/algorithm=LEAST_CONNECTIONS");

        // Then
        user.awaitProgrammed("misspelt", true);
        eventually(
                () -> assertThat(octavia("misspelt").pool().path("lb_algorithm").asText())
                        .isEqualTo("LEAST_CONNECTIONS"));
        assertThat(octavia("misspelt").loadBalancer().path("id"))
                .isEqualTo(before.getFirst().path("id"));
    }

    private void restartOctavia() {
        pipeline.kill(Role.OCTAVIA); // a start lists floating IPs at once, as every resync does
        pipeline.restart(Role.OCTAVIA);
        pipeline.awaitReady(Role.OCTAVIA);
    }

    private static void eventually(ThrowingRunnable assertion) {
        await().atMost(WITHIN).pollInterval(Duration.ofMillis(300)).untilAsserted(assertion);
    }

    private ServedLoadBalancer octavia(String name) {
        return new ServedLoadBalancer(pipeline, name);
    }

    private static Map<String, Integer> all(Iterable<String> addresses, int weight) {
        return StreamSupport.stream(addresses.spliterator(), false)
                .collect(Collectors.toMap(address -> address, _ -> weight));
    }
}
