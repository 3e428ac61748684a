package io.ballast.testbed.openstack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** LBaaS v2 of Neutron, as its source has it; there is no real one left to compare with. */
class OpenStackLbaasTest {
    private final ModelCloud cloud =
            ModelCloud.with(OpenStackModel.Settings.of(Timing.measured()).withLoadBalancing(LoadBalancing.LBAASV2));

    @Test
    void isAnExtensionAndNoServiceOfTheCatalogue() {
        assertThat(cloud.neutron("GET", "extensions/lbaasv2").status()).isEqualTo(200);
        assertThat(cloud.neutron("GET", "extensions/lbaas").status()).isEqualTo(404);
        assertThat(cloud.octavia("GET", "loadbalancers").status()).isEqualTo(404);
        var token = cloud.model.tokenFor("k8s", "k8s", cloud.now());
        assertThat(cloud.send(ModelRequest.of(OpenStackService.KEYSTONE, "GET", "/v3/auth/catalog")
                                .withToken(token))
                        .json()
                        .at("/catalog")
                        .findValuesAsText("type"))
                .contains("network")
                .doesNotContain("load-balancer");
    }

    @Test
    void showsWhatItKnowsAndNoMore() {
        // Given
        var id = active();
        // When
        var shown = cloud.neutron("GET", "lbaas/loadbalancers/" + id).json().path("loadbalancer");
        // Then
        assertThat(Json.fieldNames(shown))
                .contains("description", "vip_port_id", "provisioning_status", "listeners", "pools", "tenant_id")
                .doesNotContain("tags", "created_at", "updated_at", "additional_vips");
        var pool = pool(id);
        assertThat(cloud.neutron("GET", "lbaas/pools/" + pool)
                        .json()
                        .path("pool")
                        .has("provisioning_status"))
                .as("statuses of children stand in the tree only")
                .isFalse();
        assertThat(cloud.neutron("GET", "lbaas/loadbalancers/" + id + "/statuses")
                        .json()
                        .at("/statuses/loadbalancer/pools/0/provisioning_status")
                        .asText())
                .isEqualTo("ACTIVE");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'protocol': 'UDP' | Invalid input for protocol",
                "'protocol': 'TCP', 'allowed_cidrs': ['10.0.0.0/8'] | Unrecognized attribute(s) 'allowed_cidrs'",
                "'protocol': 'TCP', 'timeout_client_data': 1000 | Unrecognized attribute(s) 'timeout_client_data'",
                "'protocol': 'TCP', 'tags': ['a'] | Unrecognized attribute(s) 'tags'",
                "'protocol': 'TCP', 'connection_limit': null | Invalid input for connection_limit"
            })
    void refusesListenersThatOctaviaTakes(String fields, String words) {
        // When
        var reply = listener(active(), fields.strip());
        // Then
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.errorText()).contains(words.strip());
    }

    @Test
    void makesNothingNestedAndTakesNoBatch() {
        var nested = cloud.neutron(
                "POST",
                "lbaas/loadbalancers",
                "{'loadbalancer': {'vip_subnet_id': '%s', 'listeners': []}}"
                        .formatted(cloud.layout().serviceSubnetId()));
        var batch = cloud.neutron("PUT", "lbaas/pools/" + pool(active()) + "/members", "{'members': []}");

        assertThat(nested.errorText()).contains("Unrecognized attribute(s) 'listeners'");
        assertThat(batch.status()).isEqualTo(404);
    }

    @Test
    void deletesNothingThatOthersHangOn() {
        // Given
        var id = active();
        var pool = pool(id);
        cloud.neutron(
                "POST",
                "lbaas/healthmonitors",
                "{'healthmonitor': {'pool_id': '%s', 'type': 'TCP', 'delay': 5, 'timeout': 3, 'max_retries': 1}}"
                        .formatted(pool));
        cloud.settle();
        // When
        var whole = cloud.neutron("DELETE", "lbaas/loadbalancers/" + id + "?cascade=true");
        var part = cloud.neutron("DELETE", "lbaas/pools/" + pool);
        // Then
        assertThat(whole.status()).isEqualTo(409);
        assertThat(whole.json().at("/NeutronError/type").asText()).isEqualTo("EntityInUse");
        assertThat(part.json().at("/NeutronError/type").asText()).isEqualTo("EntityInUse");
    }

    @Test
    void takesOneWriteAtATime() {
        // Given
        var id = active();
        assertThat(listener(id, "'protocol': 'TCP'").status()).isEqualTo(201);
        // When
        var second = cloud.neutron(
                "POST",
                "lbaas/pools",
                "{'pool': {'loadbalancer_id': '%s', 'protocol': 'TCP', 'lb_algorithm': 'ROUND_ROBIN'}}".formatted(id));
        // Then
        assertThat(second.status()).isEqualTo(409);
        assertThat(second.errorText()).isEqualTo("Invalid state PENDING_UPDATE of loadbalancer resource " + id);
    }

    private String active() {
        var id = Cloud.created(
                cloud.neutron(
                        "POST",
                        "lbaas/loadbalancers",
                        "{'loadbalancer': {'name': 'web', 'vip_subnet_id': '%s'}}"
                                .formatted(cloud.layout().serviceSubnetId())),
                "loadbalancer");
        cloud.settle();
        return id;
    }

    private String pool(String loadBalancer) {
        JsonNode made = cloud.neutron(
                        "POST",
                        "lbaas/pools",
                        "{'pool': {'loadbalancer_id': '%s', 'protocol': 'TCP', 'lb_algorithm': 'ROUND_ROBIN'}}"
                                .formatted(loadBalancer))
                .json();
        cloud.settle();
        return made.at("/pool/id").asText();
    }

    private ModelReply listener(String loadBalancer, String fields) {
        return cloud.neutron(
                "POST",
                "lbaas/listeners",
                "{'listener': {'loadbalancer_id': '%s', 'protocol_port': 80, %s}}".formatted(loadBalancer, fields));
    }
}
