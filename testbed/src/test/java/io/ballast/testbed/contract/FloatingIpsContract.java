package io.ballast.testbed.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ballast.testbed.openstack.Cloud;
import io.ballast.testbed.openstack.ModelReply;
import io.ballast.testbed.openstack.ModelRequest;
import io.ballast.testbed.openstack.OpenStackService;
import io.ballast.testbed.openstack.Provider;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Floating IPs: by port, by address, by description. */
class FloatingIpsContract extends Facts {

    @ParameterizedTest
    @EnumSource(Provider.class)
    void oneForTheVipPortIsMadeInOneRequest(Provider provider) {
        // Given
        var vip = cloud.loadBalancer(loadBalancer(provider));
        // When
        var made = create(", 'port_id': '" + vip.path("vip_port_id").asText() + "', 'description': 'mine'");
        // Then
        assertThat(made.path("fixed_ip_address").asText())
                .isEqualTo(vip.path("vip_address").asText());
        assertThat(made.path("router_id").asText()).isEqualTo(cloud.layout().routerId());
        assertThat(made.path("description").asText()).isEqualTo("mine");
        assertThat(made.path("project_id").asText()).isEqualTo(cloud.projectId());
    }

    @Test
    void oneWithoutAPortIsDown() {
        var made = create("");

        assertThat(made.path("status").asText()).isEqualTo("DOWN");
        assertThat(made.path("port_id").isNull()).isTrue();
        assertThat(made.path("fixed_ip_address").isNull()).isTrue();
        assertThat(made.path("port_details").isNull()).isTrue();
    }

    @Test
    void itIsFoundByItsDescription() {
        // Given
        var word = ContractCloud.unique("d");
        create(", 'description': '" + word + "'");
        // When, Then
        assertThat(list("description=" + word)).hasSize(1);
    }

    @Test
    void itIsFoundByItsAddressAndByItsPort() {
        // Given
        var port = port();
        var made = create(", 'port_id': '" + port + "'");
        // When, Then
        assertThat(list("floating_ip_address="
                        + made.path("floating_ip_address").asText()))
                .hasSize(1);
        assertThat(list("port_id=" + port)).hasSize(1);
    }

    @Test
    void aSubnetThatAMemberDoesNotSeeIsNamedByItsNetworkAndTaken() {
        // Given
        var network = cloud.neutron("GET", "networks?router:external=true&name=public")
                .json()
                .path("networks")
                .path(0);
        var subnet = network.path("subnets").path(0).asText();
        assertThat(cloud.neutron("GET", "subnets?id=" + subnet).json().path("subnets"))
                .isEmpty();
        // When
        var made = create(", 'subnet_id': '" + subnet + "'");
        // Then
        assertThat(made.path("floating_network_id").asText())
                .isEqualTo(network.path("id").asText());
    }

    @Test
    void aMemberMayNotChooseTheAddress() {
        assertNeutron(reply(", 'floating_ip_address': '172.24.4.77'"), 403, "PolicyNotAuthorized");
    }

    @Test
    void anAdministratorChoosesAnAddressOnce() {
        // Given
        var address = "172.24.4." + ThreadLocalRandom.current().nextInt(100, 200);
        var request = ModelRequest.of(OpenStackService.NEUTRON, "POST", "/v2.0/floatingips")
                .withBody("{'floatingip': {'floating_network_id': '%s', 'floating_ip_address': '%s'}}"
                        .formatted(cloud.layout().publicNetworkId(), address));
        // When
        var first = cloud.send("admin", request);
        var second = cloud.send("admin", request);
        // Then
        assertThat(first.json().at("/floatingip/floating_ip_address").asText()).isEqualTo(address);
        assertNeutron(second, 409, "IpAddressAlreadyAllocated");
    }

    @Test
    void aFixedAddressHasOneFloatingIp() {
        // Given
        var more = ", 'port_id': '" + port() + "'";
        create(more);
        // When, Then
        assertNeutron(reply(more), 409, "FloatingIPPortAlreadyAssociated");
    }

    @Test
    void itMovesToAPortThatHasNone() {
        // Given
        var id = create("").path("id").asText();
        var port = port();
        // When
        var reply = put(id, "'port_id': '" + port + "'");
        // Then
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().at("/floatingip/port_id").asText()).isEqualTo(port);
        assertThat(reply.json().at("/floatingip/port_details/network_id").asText())
                .isEqualTo(cloud.layout().serviceNetworkId());
    }

    @Test
    void itDoesNotMoveToAPortThatHasOne() {
        // Given
        var port = port();
        create(", 'port_id': '" + port + "'");
        var id = create("").path("id").asText();
        // When, Then
        assertNeutron(put(id, "'port_id': '" + port + "'"), 409, "FloatingIPPortAlreadyAssociated");
    }

    @Test
    void itIsLetGoByNull() {
        // Given
        var id = create(", 'port_id': '" + port() + "'").path("id").asText();
        // When
        var reply = put(id, "'port_id': null");
        // Then
        assertThat(reply.json().at("/floatingip/port_id").isNull()).isTrue();
        assertThat(reply.json().at("/floatingip/router_id").isNull()).isTrue();
    }

    @Test
    void aChangeOfTheDescriptionLeavesThePort() {
        // Given
        var port = port();
        var id = create(", 'port_id': '" + port + "'").path("id").asText();
        // When
        var reply = put(id, "'description': 'other'");
        // Then
        assertThat(reply.json().at("/floatingip/port_id").asText()).isEqualTo(port);
    }

    @Test
    void itOutlivesItsLoadBalancerWithoutAPort() {
        // Given
        var id = cloud.activeLoadBalancer(Provider.OVN, "");
        var made = create(
                ", 'port_id': '" + cloud.loadBalancer(id).path("vip_port_id").asText() + "', 'description': 'mine'");
        // When
        cloud.octavia("DELETE", "loadbalancers/" + id);
        cloud.awaitStatus("loadbalancers/" + id, "gone");
        // Then
        var after = cloud.neutron("GET", "floatingips/" + made.path("id").asText())
                .json()
                .path("floatingip");
        assertThat(after.path("port_id").isNull()).isTrue();
        assertThat(after.path("description").asText()).isEqualTo("mine");
    }

    @Test
    void onceDeletedItIsAnsweredWith404() {
        // Given
        var id = create("").path("id").asText();
        // When
        var reply = cloud.neutron("DELETE", "floatingips/" + id);
        // Then
        assertThat(reply.status()).isEqualTo(204);
        var gone = cloud.neutron("GET", "floatingips/" + id);
        assertNeutron(gone, 404, "FloatingIPNotFound");
        assertThat(gone.errorText()).isEqualTo("Floating IP " + id + " could not be found");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'port_id': '4b6d7a6e-0000-4000-8000-000000000000' | 404 | PortNotFound",
                "'colour': 'red' | 400 | HTTPBadRequest",
                "'fixed_ip_address': '10.9.9.9', 'port_id': 'PORT' | 400 | BadRequest"
            })
    void whatMakesNoSenseIsRefusedByItsType(String fields, int status, String type) {
        assertNeutron(reply(", " + fields.replace("PORT", port())), status, type);
    }

    @Test
    void aNetworkThatIsNotExternalIsRefusedWith400() {
        var reply = cloud.neutron(
                "POST",
                "floatingips",
                "{'floatingip': {'floating_network_id': '" + cloud.layout().podNetworkId() + "'}}");

        assertNeutron(reply, 400, "BadRequest");
    }

    @Test
    void aSubnetWithoutARouterToTheNetworkIsAnsweredWith404() {
        // Given
        var network = Cloud.created(cloud.neutron("POST", "networks", "{'network': {'name': 'contract'}}"), "network");
        cloud.neutron(
                "POST",
                "subnets",
                "{'subnet': {'network_id': '" + network + "', 'ip_version': 4, 'cidr': '192.168.9.0/24'}}");
        var port = Cloud.created(cloud.neutron("POST", "ports", "{'port': {'network_id': '" + network + "'}}"), "port");
        // When, Then
        assertNeutron(reply(", 'port_id': '" + port + "'"), 404, "ExternalGatewayForFloatingIPNotFound");
    }

    @Test
    void aPortWithoutIpv4IsRefusedWith400() {
        // Given
        var port = Cloud.created(
                cloud.neutron(
                        "POST",
                        "ports",
                        "{'port': {'network_id': '%s', 'fixed_ips': [{'ip_address': '%s'}]}}"
                                .formatted(cloud.layout().serviceNetworkId(), ContractCloud.freeVipV6())),
                "port");
        // When, Then
        assertNeutron(reply(", 'port_id': '" + port + "'"), 400, "BadRequest");
    }

    /** A new port of the service network with one address, of IPv4. */
    private String port() {
        return Cloud.created(
                cloud.neutron(
                        "POST",
                        "ports",
                        "{'port': {'network_id': '%s', 'fixed_ips': [{'ip_address': '%s'}]}}"
                                .formatted(cloud.layout().serviceNetworkId(), ContractCloud.freeVip())),
                "port");
    }

    private JsonNode create(String more) {
        var reply = reply(more);
        Cloud.created(reply, "floatingip");
        return reply.json().path("floatingip");
    }

    private ModelReply reply(String more) {
        return cloud.neutron(
                "POST",
                "floatingips",
                "{'floatingip': {'floating_network_id': '" + cloud.layout().publicNetworkId() + "'" + more + "}}");
    }

    private ModelReply put(String id, String fields) {
        return cloud.neutron("PUT", "floatingips/" + id, "{'floatingip': {" + fields + "}}");
    }

    private JsonNode list(String query) {
        return cloud.neutron("GET", "floatingips?" + query).json().path("floatingips");
    }
}
