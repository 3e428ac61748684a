package io.ballast.testbed.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ballast.testbed.openstack.Cloud;
import io.ballast.testbed.openstack.ModelReply;
import io.ballast.testbed.openstack.ModelRequest;
import io.ballast.testbed.openstack.OpenStackService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ports and the addresses that they hold; what protects networks, subnets and routers. */
class NeutronPortsContract extends Facts {

    @Test
    void withoutAWishAPortGetsAnAddressOfEachFamily() {
        var port = create("").path("fixed_ips");

        assertThat(port.findValuesAsText("ip_address"))
                .hasSize(2)
                .anyMatch(each -> each.startsWith("10.2."))
                .anyMatch(each -> each.startsWith("fd10:0:0:2::"));
    }

    @Test
    void anAutomaticAddressIsFromTheAllocationPool() {
        var address = create(", 'fixed_ips': [{'subnet_id': '" + cloud.layout().serviceSubnetId() + "'}]")
                .at("/fixed_ips/0/ip_address")
                .asText();

        assertThat(Integer.parseInt(address.split("\\.", -1)[2])).isBetween(128, 255);
    }

    @Test
    void anAddressOutsideTheAllocationPoolIsGivenToWhoAsksForIt() {
        // Given
        var address = ContractCloud.freeVip();
        // When
        var port = create(fixed(address));
        // Then
        assertThat(port.at("/fixed_ips/0/ip_address").asText()).isEqualTo(address);
        assertThat(port.path("fixed_ips")).hasSize(1);
    }

    @Test
    void anAddressIsHeldOnce() {
        // Given
        var address = ContractCloud.freeVip();
        create(fixed(address));
        // When
        var reply = reply(fixed(address));
        // Then
        assertNeutron(reply, 409, "IpAddressAlreadyAllocated");
        assertThat(reply.errorText())
                .isEqualTo("IP address %s already allocated in subnet %s"
                        .formatted(address, cloud.layout().serviceSubnetId()));
    }

    @Test
    void anIpv6AddressIsWrittenInItsShortestForm() {
        // Given
        var address = ContractCloud.freeVipV6();
        // When
        var port =
                create(fixed("FD10:0000:0000:0002:0000:0000:0000:" + address.substring(address.lastIndexOf(':') + 1)));
        // Then
        assertThat(port.at("/fixed_ips/0/ip_address").asText()).isEqualTo(address);
    }

    @Test
    void noAddressesAtAllMayBeAskedFor() {
        assertThat(create(", 'fixed_ips': []").path("fixed_ips")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "[{'ip_address': '10.2.255.254'}] | 409 | IpAddressAlreadyAllocated",
                "[{'ip_address': '10.7.0.1'}] | 400 | InvalidIpForNetwork",
                "[{'ip_address': '10.7.0.1', 'subnet_id': 'SERVICES'}] | 400 | InvalidIpForSubnet",
                "[{'subnet_id': 'PODS'}] | 400 | InvalidInput",
                "[{'ip_address': 'ten'}] | 400 | HTTPBadRequest"
            })
    void anAddressThatCannotBeIsRefusedByItsType(String fixedIps, int status, String type) {
        assertNeutron(
                reply(", 'fixed_ips': "
                        + fixedIps.replace("SERVICES", cloud.layout().serviceSubnetId())
                                .replace("PODS", cloud.layout().podSubnetId())),
                status,
                type);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'colour': 'red' | Unrecognized attribute(s) 'colour'",
                "'project_id': 'other' | Specifying 'project_id' or 'tenant_id' other than the authenticated project in request requires admin or advsvc privileges"
            })
    void anAttributeThatCannotBeIsRefusedWith400(String fields, String text) {
        var reply = reply(", " + fields);

        assertNeutron(reply, 400, "HTTPBadRequest");
        assertThat(reply.errorText()).isEqualTo(text);
    }

    @Test
    void aPortOfTheExternalNetworkIsForbidden() {
        var reply = cloud.neutron(
                "POST", "ports", "{'port': {'network_id': '" + cloud.layout().publicNetworkId() + "'}}");

        assertNeutron(reply, 403, "HTTPForbidden");
    }

    @Test
    void aPortOfANetworkThatIsNotThereIsAnsweredWith404() {
        var reply = cloud.neutron("POST", "ports", "{'port': {'network_id': '4b6d7a6e-0000-4000-8000-000000000000'}}");

        assertNeutron(reply, 404, "NetworkNotFound");
        assertThat(reply.errorText()).isEqualTo("Network 4b6d7a6e-0000-4000-8000-000000000000 could not be found.");
    }

    @Test
    void itsNetworkCannotBeChanged() {
        // Given
        var id = create(fixed(ContractCloud.freeVip())).path("id").asText();
        // When
        var reply = cloud.neutron(
                "PUT",
                "ports/" + id,
                "{'port': {'network_id': '" + cloud.layout().podNetworkId() + "'}}");
        // Then
        assertNeutron(reply, 400, "HTTPBadRequest");
        assertThat(reply.errorText()).isEqualTo("Cannot update read-only attribute network_id");
    }

    @Test
    void aChangeForAnOldRevisionIsRefusedWith412() {
        // Given
        var port = create(fixed(ContractCloud.freeVip()));
        var revision = "revision_number=" + port.path("revision_number").asText();
        var put = ModelRequest.of(
                        OpenStackService.NEUTRON,
                        "PUT",
                        "/v2.0/ports/" + port.path("id").asText())
                .withHeader("If-Match", revision)
                .withBody("{'port': {'name': 'other'}}");
        // When
        var first = cloud.send("k8s", put);
        var second = cloud.send("k8s", put);
        // Then
        assertThat(first.json().at("/port/revision_number").asInt())
                .isGreaterThan(port.path("revision_number").asInt());
        assertNeutron(second, 412, "RevisionNumberConstraintFailed");
    }

    @Test
    void anAddressIsFreeOnceItsPortIsGone() {
        // Given
        var address = ContractCloud.freeVip();
        var id = create(fixed(address)).path("id").asText();
        // When
        var reply = cloud.neutron("DELETE", "ports/" + id);
        // Then
        assertThat(reply.status()).isEqualTo(204);
        assertThat(reply(fixed(address)).status()).isEqualTo(201);
    }

    @Test
    void aPortOfARouterCannotBeDeleted() {
        var id = cloud.neutron("GET", "ports?device_owner=network:router_interface")
                .json()
                .at("/ports/0/id")
                .asText();

        assertNeutron(cloud.neutron("DELETE", "ports/" + id), 409, "ServicePortInUse");
    }

    @Test
    void aSubnetWithAddressesInUseCannotBeDeleted() {
        assertNeutron(cloud.neutron("DELETE", "subnets/" + cloud.layout().serviceSubnetId()), 409, "SubnetInUse");
    }

    @Test
    void aNetworkWithPortsCannotBeDeleted() {
        var reply = cloud.neutron("DELETE", "networks/" + cloud.layout().serviceNetworkId());

        assertNeutron(reply, 409, "NetworkInUse");
        assertThat(reply.errorText()).contains("There are one or more ports still in use on the network");
    }

    @Test
    void aRouterWithInterfacesCannotBeDeleted() {
        assertNeutron(cloud.neutron("DELETE", "routers/" + cloud.layout().routerId()), 409, "RouterInUse");
    }

    @Test
    void theExternalNetworkIsSeenAndNotChangedByAMember() {
        assertThat(cloud.neutron("GET", "networks/" + cloud.layout().publicNetworkId())
                        .status())
                .isEqualTo(200);
        assertNeutron(
                cloud.neutron("PUT", "networks/" + cloud.layout().publicNetworkId(), "{'network': {'name': 'mine'}}"),
                403,
                "PolicyNotAuthorized");
    }

    @Test
    void theSubnetsOfTheExternalNetworkAreNotSeenByAMember() {
        assertThat(cloud.neutron("GET", "subnets?network_id=" + cloud.layout().publicNetworkId())
                        .json()
                        .path("subnets"))
                .isEmpty();
    }

    private static String fixed(String address) {
        return ", 'fixed_ips': [{'ip_address': '" + address + "'}]";
    }

    private JsonNode create(String more) {
        var reply = reply(more);
        Cloud.created(reply, "port");
        return reply.json().path("port");
    }

    private ModelReply reply(String more) {
        return cloud.neutron(
                "POST", "ports", "{'port': {'network_id': '" + cloud.layout().serviceNetworkId() + "'" + more + "}}");
    }
}
