package io.ballast.testbed.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ballast.testbed.openstack.ModelReply;
import io.ballast.testbed.openstack.ModelRequest;
import io.ballast.testbed.openstack.OpenStackService;
import io.ballast.testbed.openstack.Provider;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Amphorae: the list of them, and the ports that they hold. */
class AmphoraContract extends Facts {
    private static final String ALL = "/v2/octavia/amphorae";

    @Test
    void theListIsForAdministrators() {
        assertRefused(
                cloud.send("k8s", ModelRequest.of(OpenStackService.OCTAVIA, "GET", ALL)),
                403,
                "Policy does not allow this request to be performed.");
    }

    @Test
    void eachNamesItsLoadBalancerAndBothItsPorts() {
        // When
        var id = loadBalancer(Provider.AMPHORA);
        var amphora = amphorae(id).getFirst();
        // Then
        assertThat(amphora.path("loadbalancer_id").asText()).isEqualTo(id);
        assertThat(amphora.path("ha_port_id").asText())
                .isEqualTo(cloud.loadBalancer(id).path("vip_port_id").asText());
        assertThat(amphora.path("vrrp_port_id").asText()).isNotEmpty();
        assertThat(amphora.path("status").asText()).isEqualTo("ALLOCATED");
    }

    @Test
    void aloneItIsStandaloneAndOtherwiseMasterAndBackup() {
        var roles = amphorae(loadBalancer(Provider.AMPHORA)).stream()
                .map(each -> each.path("role").asText())
                .toList();

        assertThat(roles)
                .matches(each -> each.equals(List.of("STANDALONE")) || each.containsAll(List.of("MASTER", "BACKUP")));
    }

    @Test
    void theVrrpPortHasItsAddressFromTheAllocationPoolAlsoWhereTheVipIsOutside() {
        // Given
        var id = cloud.activeLoadBalancer(Provider.AMPHORA, ", 'vip_address': '" + ContractCloud.freeVip() + "'");
        // When
        var port = vrrpPort(id);
        // Then
        var third = port.at("/fixed_ips/0/ip_address").asText().split("\\.", -1)[2];
        assertThat(Integer.parseInt(third)).isBetween(128, 255);
    }

    @Test
    void theVrrpPortBelongsToAnotherProjectAndIsSeenByTheOwnerOfTheNetwork() {
        var port = vrrpPort(loadBalancer(Provider.AMPHORA));

        assertThat(port.path("name").asText()).startsWith("octavia-lb-vrrp-");
        assertThat(port.path("device_owner").asText()).isEqualTo("Octavia");
        assertThat(port.path("project_id").asText()).isNotEqualTo(cloud.projectId());
        assertThat(port.at("/allowed_address_pairs/0/ip_address").asText())
                .isEqualTo(cloud.loadBalancer(loadBalancer(Provider.AMPHORA))
                        .path("vip_address")
                        .asText());
    }

    @Test
    void aMemberWithASubnetGivesTheAmphoraAPortThere() {
        // Given
        var id = loadBalancer(Provider.AMPHORA);
        var pool = cloud.activePool(Provider.AMPHORA, id);
        // When
        cloud.createMember(pool, "10.1.0.10");
        cloud.settle();
        // Then
        assertThat(legs(id)).hasSize(amphorae(id).size());
        // When it goes
        cloud.batch(pool);
        cloud.settle();
        // Then
        assertThat(legs(id)).isEmpty();
    }

    @Test
    void aFailoverIsForAdministrators() {
        assertRefused(
                failover("k8s", loadBalancer(Provider.AMPHORA)),
                403,
                "Policy does not allow this request to be performed.");
    }

    @Test
    void aFailoverReplacesTheAmphorae() {
        // Given
        var id = cloud.activeLoadBalancer(Provider.AMPHORA, "");
        var before = amphorae(id).getFirst().path("id").asText();
        // When
        var reply = failover("admin", id);
        cloud.settle();
        // Then
        assertThat(reply.status()).isEqualTo(202);
        assertThat(amphorae(id).stream().map(each -> each.path("id").asText())).doesNotContain(before);
        assertThat(cloud.status("loadbalancers/" + id)).isEqualTo("ACTIVE");
    }

    @Test
    void theVipPortAndTheVrrpPortGoWithTheLoadBalancer() {
        // Given
        var id = cloud.activeLoadBalancer(Provider.AMPHORA, "");
        var vip = cloud.loadBalancer(id).path("vip_port_id").asText();
        var vrrp = vrrpPort(id).path("id").asText();
        // When
        cloud.octavia("DELETE", "loadbalancers/" + id);
        cloud.awaitStatus("loadbalancers/" + id, "gone");
        // Then
        assertThat(cloud.neutron("GET", "ports/" + vip).status()).isEqualTo(404);
        assertThat(cloud.neutron("GET", "ports/" + vrrp).status()).isEqualTo(404);
    }

    private List<JsonNode> amphorae(String loadBalancer) {
        return ContractCloud.items(cloud.send(
                        "admin",
                        ModelRequest.of(OpenStackService.OCTAVIA, "GET", ALL + "?loadbalancer_id=" + loadBalancer))
                .json()
                .path("amphorae"));
    }

    private JsonNode vrrpPort(String loadBalancer) {
        return cloud.neutron(
                        "GET",
                        "ports/"
                                + amphorae(loadBalancer)
                                        .getFirst()
                                        .path("vrrp_port_id")
                                        .asText())
                .json()
                .path("port");
    }

    /** Ports of the amphorae on the subnet of the pods. */
    private List<JsonNode> legs(String loadBalancer) {
        return amphorae(loadBalancer).stream()
                .flatMap(each -> ContractCloud.items(cloud.neutron(
                                        "GET",
                                        "ports?device_id=%s&network_id=%s"
                                                .formatted(
                                                        each.path("compute_id").asText(),
                                                        cloud.layout().podNetworkId()))
                                .json()
                                .path("ports"))
                        .stream())
                .toList();
    }

    private ModelReply failover(String user, String id) {
        return cloud.send(
                user, ModelRequest.of(OpenStackService.OCTAVIA, "PUT", "/v2/lbaas/loadbalancers/" + id + "/failover"));
    }
}
