package io.ballast.testbed.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.ballast.openstack.RestRequest;
import io.ballast.openstack.RestRequest.Api;
import io.ballast.testbed.openstack.Layout;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of both address families, from the Service to the load balancer and back. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // started before the first test
public class DualStackIT {
    private Pipeline pipeline;
    private List<String> atStart;
    private final List<String> made = new ArrayList<>();

    @BeforeAll
    void start(@TempDir Path folder) {
        pipeline = open(folder.resolve("stack"));
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
        made.forEach(pipeline::delete);
        made.clear();
        pipeline.settle();
        await().atMost(Pipeline.WITHIN).until(() -> pipeline.addresses().equals(atStart));
    }

    @Test
    void oneLoadBalancerCarriesBothVipsAndTheServiceShowsThem() {
        // When
        make("both", "TCP", "RequireDualStack", "ballast.io/internal: \"true\"");
        pipeline.settle();

        // Then
        var vips = pipeline.service("both").getSpec().getClusterIPs();
        assertThat(vips).hasSize(2);
        assertThat(loadBalancers("both")).singleElement().satisfies(each -> {
            assertThat(each.path("vip_address").asText()).isEqualTo(vips.getFirst());
            assertThat(each.path("additional_vips").path(0).path("ip_address").asText())
                    .isEqualTo(vips.getLast());
        });
        await().atMost(Pipeline.WITHIN)
                .untilAsserted(() -> assertThat(pipeline.service("both")
                                .getStatus()
                                .getLoadBalancer()
                                .getIngress())
                        .extracting(LoadBalancerIngress::getIp)
                        .containsExactlyElementsOf(vips));
    }

    @Test
    void aLoadBalancerForEachFamilyServesWhatOneCannotCarry() {
        // When
        make("datagrams", "UDP", "PreferDualStack", "ballast.io/internal: \"true\"");
        pipeline.settle();

        // Then
        var vips = pipeline.service("datagrams").getSpec().getClusterIPs();
        assertThat(loadBalancers("datagrams"))
                .extracting(each -> each.path("vip_address").asText())
                .containsExactlyInAnyOrderElementsOf(vips);
        await().atMost(Pipeline.WITHIN)
                .untilAsserted(() -> assertThat(pipeline.service("datagrams")
                                .getStatus()
                                .getLoadBalancer()
                                .getIngress())
                        .extracting(LoadBalancerIngress::getIp)
                        .containsExactlyInAnyOrderElementsOf(vips));
    }

    @Test
    void aFloatingIpLeadsToTheIpv4VipAndTheIpv6VipIsShownBesideIt() {
        // When
        make("outside", "TCP", "PreferDualStack", "ballast.io/algorithm: ROUND_ROBIN");
        pipeline.settle();

        // Then
        await().atMost(Pipeline.WITHIN)
                .untilAsserted(() -> assertThat(pipeline.service("outside")
                                .getStatus()
                                .getLoadBalancer()
                                .getIngress())
                        .extracting(LoadBalancerIngress::getIp)
                        .satisfiesExactlyInAnyOrder(
                                external -> assertThat(external).startsWith("172.24.4."),
                                vip -> assertThat(vip)
                                        .isEqualTo(pipeline.service("outside")
                                                .getSpec()
                                                .getClusterIPs()
                                                .getLast())));
        await().atMost(Pipeline.WITHIN)
                .untilAsserted(
                        () -> assertThat(pipeline.programmed("outside")).contains("Neutron has no IPv6 floating IPs"));
    }

    @Test
    void aFamilyComesWithALoadBalancerOfItsOwnAndGoesWithIt() {
        // Given
        make("changing", "TCP", "SingleStack", "ballast.io/internal: \"true\"");
        pipeline.settle();
        var before = loadBalancers("changing").getFirst().path("id").asText();
        var addresses = pipeline.addresses();

        // When
        pipeline.apply(service("changing", "TCP", "PreferDualStack", "ballast.io/internal: \"true\""));

        // Then
        await().atMost(Pipeline.WITHIN)
                .untilAsserted(() -> assertThat(loadBalancers("changing"))
                        .hasSize(2)
                        .extracting(each -> each.path("vip_address").asText())
                        .containsExactlyInAnyOrderElementsOf(
                                pipeline.service("changing").getSpec().getClusterIPs()));
        await().atMost(Pipeline.WITHIN)
                .until(() -> pipeline.programmed("changing").startsWith("True"));

        // When it is taken back
        pipeline.apply(service("changing", "TCP", "SingleStack", "ballast.io/internal: \"true\""));

        // Then
        await().atMost(Pipeline.WITHIN).until(() -> pipeline.addresses().equals(addresses));
        assertThat(loadBalancers("changing"))
                .extracting(each -> each.path("id").asText())
                .containsExactly(before);
        await().atMost(Pipeline.WITHIN)
                .until(() -> pipeline.programmed("changing").startsWith("True"));
    }

    @Test
    void aVipThatSharesItsLoadBalancerDoesNotGoAndMembersFollow() {
        // Given
        make("sharing", "TCP", "PreferDualStack", "ballast.io/internal: \"true\"");
        pipeline.settle();
        var before = loadBalancers("sharing").getFirst().path("id").asText();

        // When
        pipeline.apply(service("sharing", "TCP", "SingleStack", "ballast.io/internal: \"true\""));
        await().atMost(Pipeline.WITHIN)
                .untilAsserted(() -> assertThat(pipeline.programmed("sharing"))
                        .startsWith("False")
                        .contains("Address families would change"));
        pipeline.apply(endpoints("sharing", "TCP", 3));

        // Then
        await().atMost(Pipeline.WITHIN).until(() -> members("sharing") == 3);
        assertThat(loadBalancers("sharing"))
                .extracting(each -> each.path("id").asText())
                .containsExactly(before);
    }

    private void make(String name, String protocol, String policy, String annotation) {
        pipeline.apply(endpoints(name, protocol, 2));
        pipeline.apply(service(name, protocol, policy, annotation));
        made.add(name);
    }

    private List<JsonNode> loadBalancers(String name) {
        var uid = pipeline.service(name).getMetadata().getUid();
        var found = new ArrayList<JsonNode>();
        pipeline.get(RestRequest.get(Api.LOAD_BALANCER, "/v2.0/lbaas/loadbalancers")
                        .with("tags", "ballast:service:" + uid))
                .path("loadbalancers")
                .forEach(found::add);
        return found;
    }

    private int members(String name) {
        var pool =
                loadBalancers(name).getFirst().path("pools").path(0).path("id").asText();
        return pipeline.get(RestRequest.get(Api.LOAD_BALANCER, "/v2.0/lbaas/pools/" + pool + "/members"))
                .path("members")
                .size();
    }

    private static String service(String name, String protocol, String policy, String annotation) {
        return """
                apiVersion: v1
                kind: Service
                metadata:
                  name: %s
                  namespace: default
                  annotations: {%s}
                spec:
                  type: LoadBalancer
                  ipFamilyPolicy: %s
                  ports: [{name: main, protocol: %s, port: 80, targetPort: 8080}]
                """.formatted(name, annotation, policy, protocol);
    }

    /** Slices that a person wrote, one for each family, with so many endpoints. */
    private static String endpoints(String name, String protocol, int count) {
        return slice(name, protocol, "IPv4", "10.1.9.", count)
                + "---\n"
                + slice(name, protocol, "IPv6", "fd10:0:0:1::9:", count);
    }

    private static String slice(String name, String protocol, String family, String prefix, int count) {
        var each = new ArrayList<String>();
        for (int number = 1; number <= count; number++) {
            each.add("{addresses: ['%s%d'], conditions: {ready: true}}".formatted(prefix, number));
        }
        return """
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata:
                  name: %s-%s
                  namespace: default
                  labels: {kubernetes.io/service-name: %s}
                addressType: %s
                ports: [{name: main, port: 8080, protocol: %s}]
                endpoints: [%s]
                """.formatted(name, family.toLowerCase(Locale.ROOT), name, family, protocol, String.join(", ", each));
    }
}
