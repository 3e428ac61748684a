package io.ballast.testbed.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ballast.testbed.openstack.Cloud;
import io.ballast.testbed.openstack.ModelReply;
import io.ballast.testbed.openstack.Provider;
import io.ballast.testbed.openstack.SeededLayout;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Which addresses load balancers get, and who holds them. */
class VipContract extends Facts {

    @ParameterizedTest
    @EnumSource(Provider.class)
    void withoutAnAddressTheVipComesFromTheAllocationPool(Provider provider) {
        var second = cloud.loadBalancer(loadBalancer(provider))
                .path("vip_address")
                .asText()
                .split("\\.", -1)[2];

        assertThat(Integer.parseInt(second)).isBetween(128, 255);
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void anAddressOutsideTheAllocationPoolButInTheSubnetIsGiven(Provider provider) {
        // Given
        var vip = ContractCloud.freeVip();
        // When
        var reply = cloud.createLoadBalancer(provider, ", 'vip_address': '" + vip + "'");
        // Then
        assertThat(reply.json().at("/loadbalancer/vip_address").asText()).isEqualTo(vip);
        assertThat(port(reply).at("/fixed_ips/0/ip_address").asText()).isEqualTo(vip);
    }

    @ParameterizedTest
    @CsvSource({"AMPHORA,octavia-lb-%s,Octavia,lb-%s,false", "OVN,ovn-lb-vip-%s,'','',true"})
    void theVipPortIsNamedByItsProviderAndBelongsToTheUser(
            Provider provider, String name, String owner, String device, boolean up) {
        // When
        var id = loadBalancer(provider);
        var vip = cloud.neutron(
                        "GET",
                        "ports/" + cloud.loadBalancer(id).path("vip_port_id").asText())
                .json()
                .path("port");
        // Then
        assertThat(vip.path("name").asText()).isEqualTo(name.formatted(id));
        assertThat(vip.path("device_owner").asText()).isEqualTo(owner);
        assertThat(vip.path("device_id").asText()).isEqualTo(device.formatted(id));
        assertThat(vip.path("admin_state_up").asBoolean()).isEqualTo(up);
        assertThat(vip.path("status").asText()).as("for ever").isEqualTo("DOWN");
        assertThat(vip.path("project_id").asText()).isEqualTo(cloud.projectId());
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void anAddressThatIsTakenIsAnsweredWith500(Provider provider) {
        // Given
        var vip = cloud.loadBalancer(loadBalancer(provider)).path("vip_address").asText();
        // When
        var reply = cloud.createLoadBalancer(provider, ", 'vip_address': '" + vip + "'");
        // Then
        assertReports(
                reply,
                provider,
                "IP address %s already allocated in subnet %s"
                        .formatted(vip, cloud.layout().serviceSubnetId()));
        assertThat(reply.json().path("faultcode").asText()).isEqualTo("Server");
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void theAddressOfTheGatewayIsAnsweredAsTaken(Provider provider) {
        assertReports(
                cloud.createLoadBalancer(provider, ", 'vip_address': '10.2.255.254'"),
                provider,
                "IP address 10.2.255.254 already allocated in subnet %s"
                        .formatted(cloud.layout().serviceSubnetId()));
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void anAddressOutsideTheSubnetIsAnsweredWith500(Provider provider) {
        assertReports(
                cloud.createLoadBalancer(provider, ", 'vip_address': '10.3.0.1'"),
                provider,
                "IP address 10.3.0.1 is not a valid IP for the specified subnet.");
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void ofFourCreatesAtOnceOneGetsTheAddressAndOnePortIsLeft(Provider provider) throws Exception {
        // Given
        var vip = ContractCloud.freeVip();
        // When
        List<Integer> statuses;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var replies = IntStream.range(0, 4)
                    .mapToObj(_ ->
                            threads.submit(() -> cloud.createLoadBalancer(provider, ", 'vip_address': '" + vip + "'")))
                    .toList();
            statuses = new java.util.ArrayList<>();
            for (var reply : replies) {
                statuses.add(reply.get().status());
            }
        }
        // Then
        assertThat(statuses).containsExactlyInAnyOrder(201, 500, 500, 500);
        assertThat(ports("ports?fixed_ips=ip_address%3D" + vip)).hasSize(1);
    }

    @Test
    void namesAreNotUnique() {
        // Given
        var name = cloud.loadBalancer(loadBalancer(Provider.OVN)).path("name").asText();
        // When, Then
        assertThat(cloud.createLoadBalancer(Provider.OVN, ", 'name': '" + name + "'")
                        .status())
                .isEqualTo(201);
    }

    @Test
    void aNetworkAlonePicksItsIpv4Subnet() {
        var reply = onNetwork("");

        assertThat(reply.json().at("/loadbalancer/vip_subnet_id").asText())
                .isEqualTo(cloud.layout().serviceSubnetId());
    }

    @Test
    void aNetworkAndAnIpv6AddressPickTheSubnetOfTheAddress() {
        // Given
        var vip = ContractCloud.freeVipV6();
        // When
        var reply = onNetwork(", 'vip_address': '" + vip + "'");
        // Then
        assertThat(reply.json().at("/loadbalancer/vip_address").asText()).isEqualTo(vip);
        assertThat(reply.json().at("/loadbalancer/vip_subnet_id").asText()).isEqualTo(serviceSubnetV6());
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void anIpv6VipServesAnIpv6Pool(Provider provider) {
        // Given
        var pods = subnet("k8s-pod-subnet-v6");
        var reply = create(
                provider,
                "'vip_subnet_id': '%s', 'listeners': [{'protocol': 'TCP', 'protocol_port': 80, 'default_pool': {'name': 'p', 'protocol': 'TCP', 'lb_algorithm': '%s', 'members': [{'address': 'fd10:0:0:1::9', 'protocol_port': 80, 'subnet_id': '%s'}]}}]"
                        .formatted(serviceSubnetV6(), Cloud.algorithm(provider), pods));
        // When
        cloud.settle();
        // Then
        var id = Cloud.created(reply, "loadbalancer");
        assertThat(cloud.octavia("GET", "loadbalancers/" + id + "/status")
                        .json()
                        .findValuesAsText("provisioning_status"))
                .containsOnly("ACTIVE");
    }

    @Test
    void anIpv6AddressIsHeldHoweverItIsSpelt() {
        // Given
        var vip = ContractCloud.freeVipV6();
        var subnet = "'vip_subnet_id': '" + serviceSubnetV6() + "', 'vip_address': ";
        create(Provider.OVN, subnet + "'" + vip + "'");
        var spelt =
                "FD10:0000:0:2:0:0:0:" + vip.substring(vip.lastIndexOf(':') + 1).toUpperCase(java.util.Locale.ROOT);
        // When
        var reply = create(Provider.OVN, subnet + "'" + spelt + "'");
        // Then
        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.errorText()).contains("IP address " + vip + " already allocated");
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void additionalVipsAreShownAsAskedFor(Provider provider) {
        // Given
        var v6 = ContractCloud.freeVipV6();
        // When
        var reply = cloud.createLoadBalancer(
                provider,
                ", 'additional_vips': [{'subnet_id': '" + serviceSubnetV6() + "', 'ip_address': '" + v6 + "'}]");
        // Then
        assertThat(reply.json().at("/loadbalancer/additional_vips/0/ip_address").asText())
                .isEqualTo(v6);
    }

    @ParameterizedTest
    @CsvSource({"AMPHORA,1", "OVN,0"})
    void ofAdditionalVipsAmphoraTakesTheAddressesAndOvnOnlyShowsThem(Provider provider, int ports) {
        // Given
        var v6 = ContractCloud.freeVipV6();
        // When
        cloud.createLoadBalancer(
                provider,
                ", 'additional_vips': [{'subnet_id': '" + serviceSubnetV6() + "', 'ip_address': '" + v6 + "'}]");
        // Then
        assertThat(ports("ports?fixed_ips=ip_address%3D" + v6)).hasSize(ports);
    }

    @Test
    void amphoraKeepsThePortThatItIsGiven() {
        // Given
        var port = newPort();
        var reply =
                create(Provider.AMPHORA, "'vip_port_id': '" + port.path("id").asText() + "'");
        cloud.settle();
        // When
        cloud.octavia("DELETE", "loadbalancers/" + Cloud.created(reply, "loadbalancer"));
        cloud.awaitStatus("loadbalancers/" + Cloud.created(reply, "loadbalancer"), "gone");
        // Then
        assertThat(reply.json().at("/loadbalancer/vip_address").asText())
                .isEqualTo(port.at("/fixed_ips/0/ip_address").asText());
        assertThat(cloud.neutron("GET", "ports/" + port.path("id").asText()).status())
                .isEqualTo(200);
    }

    @Test
    void amphoraTakesOnePortForTwoLoadBalancers() {
        // Given
        var fields = "'vip_port_id': '" + newPort().path("id").asText() + "'";
        create(Provider.AMPHORA, fields);
        cloud.settle();
        // When, Then
        assertThat(create(Provider.AMPHORA, fields).status()).isEqualTo(201);
    }

    @Test
    void ovnMakesItsOwnPortAndFailsOnTheAddressOfTheOneItIsGiven() {
        // Given
        var port = newPort();
        // When
        var reply = create(Provider.OVN, "'vip_port_id': '" + port.path("id").asText() + "'");
        // Then
        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.errorText())
                .contains(port.at("/fixed_ips/0/ip_address").asText() + " already allocated");
    }

    @Test
    void theUserMayDeleteTheVipPortUnderItsLoadBalancer() {
        // Given
        var id = cloud.activeLoadBalancer(Provider.OVN, "");
        var port = cloud.loadBalancer(id).path("vip_port_id").asText();
        // When, Then
        assertThat(cloud.neutron("DELETE", "ports/" + port).status()).isEqualTo(204);
    }

    /** The text goes on with the id of Neutron's request. */
    private static void assertReports(ModelReply reply, Provider provider, String text) {
        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.errorText())
                .startsWith("Provider '%s' reports error: %s%nNeutron server returns request_ids: ['req-"
                        .formatted(provider.label(), text));
    }

    private ModelReply onNetwork(String more) {
        return create(Provider.OVN, "'vip_network_id': '" + cloud.layout().serviceNetworkId() + "'" + more);
    }

    private ModelReply create(Provider provider, String fields) {
        return cloud.octavia(
                "POST", "loadbalancers", "{'loadbalancer': {'provider': '" + provider.label() + "', " + fields + "}}");
    }

    private JsonNode newPort() {
        return cloud.neutron(
                        "POST",
                        "ports",
                        "{'port': {'network_id': '%s', 'fixed_ips': [{'ip_address': '%s'}]}}"
                                .formatted(cloud.layout().serviceNetworkId(), ContractCloud.freeVip()))
                .json()
                .path("port");
    }

    private String serviceSubnetV6() {
        return subnet(SeededLayout.SERVICE_SUBNET_V6);
    }

    private String subnet(String name) {
        return cloud.neutron("GET", "subnets?name=" + name)
                .json()
                .at("/subnets/0/id")
                .asText();
    }

    private JsonNode port(ModelReply created) {
        return cloud.neutron(
                        "GET",
                        "ports/"
                                + created.json().at("/loadbalancer/vip_port_id").asText())
                .json()
                .path("port");
    }

    private List<JsonNode> ports(String target) {
        return ContractCloud.items(cloud.neutron("GET", target).json().path("ports"));
    }
}
