package io.ballast.testbed.openstack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Which addresses and ports there are, who holds them, and what floating IPs do. */
class OpenStackAddressesTest {
    private final ModelCloud cloud = ModelCloud.measured();

    @ParameterizedTest
    @EnumSource(Provider.class)
    void takesAVipOutsideTheAllocationPool(Provider provider) {
        // When
        var id = cloud.activeLoadBalancer(provider, ", 'vip_address': '10.2.0.99'");
        // Then
        var vip = port(cloud.loadBalancer(id).path("vip_port_id").asText());
        assertThat(cloud.loadBalancer(id).path("vip_address").asText()).isEqualTo("10.2.0.99");
        assertThat(vip.at("/fixed_ips/0/ip_address").asText()).isEqualTo("10.2.0.99");
        assertThat(vip.path("status").asText()).isEqualTo("DOWN");
        switch (provider) {
            case AMPHORA -> {
                assertThat(vip.path("name").asText()).isEqualTo("octavia-lb-" + id);
                assertThat(vip.path("device_owner").asText()).isEqualTo("Octavia");
                assertThat(vip.path("device_id").asText()).isEqualTo("lb-" + id);
                assertThat(vip.path("admin_state_up").asBoolean()).isFalse();
            }
            case OVN -> {
                assertThat(vip.path("name").asText()).isEqualTo("ovn-lb-vip-" + id);
                assertThat(vip.path("device_owner").asText()).isEmpty();
                assertThat(vip.path("admin_state_up").asBoolean()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"false,1", "true,2"})
    void givesEachAmphoraAVrrpAddressFromThePool(boolean activeStandby, int expected) {
        // Given
        var settings = OpenStackModel.Settings.of(Timing.measured());
        var cloud = ModelCloud.with(activeStandby ? settings.withActiveStandby() : settings);
        // When
        cloud.activeLoadBalancer(Provider.AMPHORA, ", 'vip_address': '10.2.0.99'");
        var ports = cloud.neutron("GET", "ports?device_owner=Octavia").json().path("ports");
        // Then
        var vrrp = Json.items(ports).stream()
                .filter(each -> each.path("name").asText().startsWith("octavia-lb-vrrp-"))
                .toList();
        assertThat(vrrp).hasSize(expected).allSatisfy(each -> {
            assertThat(each.at("/fixed_ips/0/ip_address").asText()).startsWith("10.2.128.");
            assertThat(each.at("/allowed_address_pairs/0/ip_address").asText()).isEqualTo("10.2.0.99");
            assertThat(each.path("project_id").asText())
                    .isNotEqualTo(cloud.layout().projectId());
        });
    }

    @Test
    void anExhaustedPoolEndsAnAmphoraInErrorThatCanBeDeleted() {
        // Given
        var network = cloud.neutron("POST", "networks", "{'network': {'name': 'small'}}")
                .json()
                .at("/network/id")
                .asText();
        var subnet = cloud.neutron(
                        "POST",
                        "subnets",
                        "{'subnet': {'network_id': '" + network + "', 'ip_version': 4, 'cidr': '192.168.9.0/24',"
                                + " 'allocation_pools': [{'start': '192.168.9.10', 'end': '192.168.9.10'}]}}")
                .json()
                .at("/subnet/id")
                .asText();
        // When
        var id = Cloud.created(
                cloud.octavia("POST", "loadbalancers", "{'loadbalancer': {'vip_subnet_id': '" + subnet + "'}}"),
                "loadbalancer");
        cloud.settle();
        var status = cloud.status("loadbalancers/" + id);
        var next = cloud.octavia("POST", "loadbalancers", "{'loadbalancer': {'vip_subnet_id': '" + subnet + "'}}");
        cloud.octavia("DELETE", "loadbalancers/" + id);
        cloud.settle();
        // Then
        assertThat(status).isEqualTo("ERROR");
        assertThat(next.status()).isEqualTo(500);
        assertThat(next.errorText()).contains("No more IP addresses available on network " + network);
        assertThat(cloud.model.inventory().isEmpty()).isTrue();
    }

    @Test
    void givesAmphoraeAPortOnEachMemberSubnet() {
        // Given
        var id = cloud.activeLoadBalancer(Provider.AMPHORA, cloud.populated(Provider.AMPHORA, 80, "10.1.0.10"));
        var pool = cloud.loadBalancer(id).at("/pools/0/id").asText();
        var query = "ports?device_owner=compute:nova&fixed_ips=subnet_id%3D"
                + cloud.layout().podSubnetId();
        // When
        var with = cloud.neutron("GET", query).json().path("ports");
        cloud.batch(pool);
        cloud.settle();
        var without = cloud.neutron("GET", query).json().path("ports");
        // Then
        assertThat(with).hasSize(1);
        assertThat(without).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"'',10.2.128.1", "fd10:0:0:2::10,fd10:0:0:2::10"})
    void aNetworkAlonePicksTheSubnetByAddressElseIpv4(String vip, String expected) {
        // Given
        var cloud =
                ModelCloud.with(OpenStackModel.Settings.of(Timing.measured()).withLayout(Layout.IPV6));
        // When
        var reply = cloud.octavia(
                "POST",
                "loadbalancers",
                "{'loadbalancer': {'vip_network_id': '" + cloud.layout().serviceNetworkId() + "'"
                        + (vip.isEmpty() ? "" : ", 'vip_address': '" + vip + "'") + "}}");
        // Then
        assertThat(reply.json().at("/loadbalancer/vip_address").asText()).isEqualTo(expected);
    }

    @Test
    void holdsAnIpv6AddressHoweverItIsSpelt() {
        // Given
        var cloud =
                ModelCloud.with(OpenStackModel.Settings.of(Timing.measured()).withLayout(Layout.IPV6));
        cloud.activeLoadBalancer(Provider.OVN, ", 'vip_address': 'fd10:0:0:2::a'");
        // When
        var reply = cloud.createLoadBalancer(Provider.OVN, ", 'vip_address': 'FD10:0000:0:2:0::000A'");
        var found = cloud.octavia("GET", "loadbalancers?vip_address=FD10:0:0:2::A")
                .json()
                .path("loadbalancers");
        // Then
        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.errorText()).contains("IP address fd10:0:0:2::a already allocated");
        assertThat(found).hasSize(1);
    }

    @Test
    void keepsTheCallersPortAndTakesItTwice() {
        // Given
        var port = cloud.neutron(
                        "POST",
                        "ports",
                        "{'port': {'network_id': '" + cloud.layout().serviceNetworkId()
                                + "', 'fixed_ips': [{'ip_address': '10.2.0.40'}]}}")
                .json()
                .at("/port/id")
                .asText();
        var body = "{'loadbalancer': {'vip_port_id': '" + port + "'}}";
        // When
        var first = cloud.octavia("POST", "loadbalancers", body);
        var second = cloud.octavia("POST", "loadbalancers", body);
        cloud.settle();
        cloud.octavia("DELETE", "loadbalancers/" + Cloud.created(first, "loadbalancer"));
        cloud.settle();
        // Then
        assertThat(second.json().at("/loadbalancer/vip_address").asText()).isEqualTo("10.2.0.40");
        assertThat(port(port).path("id").asText()).isEqualTo(port);
    }

    @Test
    void additionalVipsAreFurtherAddressesOfThePort() {
        // Given
        var cloud =
                ModelCloud.with(OpenStackModel.Settings.of(Timing.measured()).withLayout(Layout.IPV6));
        var v4 = cloud.neutron("GET", "subnets?name=k8s-service-subnet")
                .json()
                .at("/subnets/0/id")
                .asText();
        // When
        var reply = cloud.createLoadBalancer(
                Provider.AMPHORA, ", 'additional_vips': [{'subnet_id': '" + v4 + "', 'ip_address': '10.2.0.9'}]");
        // Then
        assertThat(reply.json().at("/loadbalancer/additional_vips/0/ip_address").asText())
                .isEqualTo("10.2.0.9");
        assertThat(reply.json().at("/loadbalancer/vip_address").asText()).isEqualTo("fd10:0:0:2::8000");
    }

    @Test
    void aFloatingIpOutlivesItsLoadBalancer() {
        // Given
        var id = cloud.activeLoadBalancer(Provider.AMPHORA, "");
        var made = floatingIp(
                ", 'port_id': '" + cloud.loadBalancer(id).path("vip_port_id").asText() + "', 'description': 'mine'");
        // When
        cloud.octavia("DELETE", "loadbalancers/" + id);
        cloud.settle();
        // Then
        var after = cloud.neutron(
                        "GET", "floatingips/" + made.json().at("/floatingip/id").asText())
                .json()
                .path("floatingip");
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.json().at("/floatingip/fixed_ip_address").asText()).isEqualTo("10.2.128.1");
        assertThat(made.json().at("/floatingip/status").asText()).isEqualTo("ACTIVE");
        assertThat(after.path("port_id").isNull()).isTrue();
        assertThat(after.path("description").asText()).isEqualTo("mine");
        assertThat(cloud.model.inventory().floatingIps()).hasSize(1);
    }

    @Test
    void aFixedAddressHasOneFloatingIp() {
        // Given
        var port = cloud.loadBalancer(cloud.activeLoadBalancer(Provider.AMPHORA, ""))
                .path("vip_port_id")
                .asText();
        floatingIp(", 'port_id': '" + port + "'");
        // When
        var second = floatingIp(", 'port_id': '" + port + "'");
        var free = floatingIp("");
        var put = cloud.neutron(
                "PUT",
                "floatingips/" + free.json().at("/floatingip/id").asText(),
                "{'floatingip': {'port_id': '" + port + "'}}");
        // Then
        assertThat(second.status()).isEqualTo(409);
        assertThat(second.json().at("/NeutronError/type").asText()).isEqualTo("FloatingIPPortAlreadyAssociated");
        assertThat(put.status()).isEqualTo(409);
    }

    @Test
    void aFloatingIpCanBeAssociatedLaterAndLetGo() {
        // Given
        var port = cloud.loadBalancer(cloud.activeLoadBalancer(Provider.AMPHORA, ""))
                .path("vip_port_id")
                .asText();
        var id = floatingIp("").json().at("/floatingip/id").asText();
        // When
        var on = cloud.neutron("PUT", "floatingips/" + id, "{'floatingip': {'port_id': '" + port + "'}}");
        var off = cloud.neutron("PUT", "floatingips/" + id, "{'floatingip': {'port_id': null}}");
        var gone = cloud.neutron("DELETE", "floatingips/" + id);
        // Then
        assertThat(on.json().at("/floatingip/port_id").asText()).isEqualTo(port);
        assertThat(on.json().at("/floatingip/port_details/device_owner").asText())
                .isEqualTo("Octavia");
        assertThat(off.json().at("/floatingip/port_id").isNull()).isTrue();
        assertThat(gone.status()).isEqualTo(204);
        assertThat(cloud.neutron("GET", "floatingips/" + id).status()).isEqualTo(404);
    }

    @Test
    void saysInNeutronsWordsWhyThereIsNoFloatingIp() {
        // Given
        var network = cloud.neutron("POST", "networks", "{'network': {}}")
                .json()
                .at("/network/id")
                .asText();
        cloud.neutron(
                "POST",
                "subnets",
                "{'subnet': {'network_id': '" + network + "', 'ip_version': 4, 'cidr': '192.168.9.0/24'}}");
        var lonely = cloud.neutron("POST", "ports", "{'port': {'network_id': '" + network + "'}}")
                .json()
                .at("/port/id")
                .asText();
        // When, Then
        assertError(floatingIp(", 'port_id': '" + lonely + "'"), 404, "ExternalGatewayForFloatingIPNotFound");
        assertError(floatingIp(", 'port_id': 'nope'"), 404, "PortNotFound");
        assertError(floatingIp(", 'floating_ip_address': '172.24.4.77'"), 403, "PolicyNotAuthorized");
        assertError(floatingIp(", 'colour': 'red'"), 400, "HTTPBadRequest");
        assertError(
                cloud.neutron("POST", "floatingips", "{'floatingip': {'floating_network_id': '" + network + "'}}"),
                400,
                "BadRequest");
        cloud.with(Faults.none().withQuota("floatingip", 0));
        assertError(floatingIp(""), 409, "OverQuota");
    }

    @Test
    void anAdministratorChoosesAFloatingIpOnce() {
        // Given
        var request = ModelRequest.of(OpenStackService.NEUTRON, "POST", "/v2.0/floatingips")
                .withBody("{'floatingip': {'floating_network_id': '"
                        + cloud.layout().publicNetworkId() + "', 'floating_ip_address': '172.24.4.77'}}");
        // When
        var first = cloud.send("admin", request);
        var second = cloud.send("admin", request);
        // Then
        assertThat(first.json().at("/floatingip/floating_ip_address").asText()).isEqualTo("172.24.4.77");
        assertError(second, 409, "IpAddressAlreadyAllocated");
    }

    @Test
    void givesEveryFloatingIpOnceUntilThereAreNone() {
        // When
        var addresses = new ArrayList<String>();
        var reply = floatingIp("");
        for (; reply.status() == 201; reply = floatingIp("")) {
            addresses.add(reply.json().at("/floatingip/floating_ip_address").asText());
        }
        // Then
        assertThat(addresses)
                .as("253 less the gateway of the router")
                .doesNotHaveDuplicates()
                .hasSize(252);
        assertError(reply, 409, "IpAddressGenerationFailure");
    }

    @Test
    void protectsInterfacesSubnetsAndStaleChanges() {
        // Given
        var router = cloud.neutron("GET", "ports?device_owner=network:router_interface")
                .json()
                .at("/ports/0/id")
                .asText();
        var id = floatingIp("").json().at("/floatingip/id").asText();
        var put = ModelRequest.of(OpenStackService.NEUTRON, "PUT", "/v2.0/floatingips/" + id)
                .withBody("{'floatingip': {'description': 'x'}}");
        // When, Then
        assertError(cloud.neutron("DELETE", "ports/" + router), 409, "ServicePortInUse");
        assertError(cloud.neutron("DELETE", "subnets/" + cloud.layout().serviceSubnetId()), 409, "SubnetInUse");
        assertThat(cloud.send("k8s", put.withHeader("If-Match", "revision_number=1"))
                        .status())
                .isEqualTo(200);
        assertError(
                cloud.send("k8s", put.withHeader("If-Match", "revision_number=1")),
                412,
                "RevisionNumberConstraintFailed");
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void seedsTheLayouts(Layout layout) {
        // Given
        var cloud =
                ModelCloud.with(OpenStackModel.Settings.of(Timing.measured()).withLayout(layout));
        // When
        var subnet = cloud.neutron("GET", "subnets/" + cloud.layout().serviceSubnetId())
                .json()
                .path("subnet");
        // Then
        var expected =
                switch (layout) {
                    case DEFAULT, DUAL -> List.of("10.2.0.0/16", "10.2.255.254", "10.2.128.1", "10.2.255.253");
                    case SHARED -> List.of("10.0.0.0/16", "10.0.255.254", "10.0.64.0", "10.0.255.253");
                    case IPV6 ->
                        List.of("fd10:0:0:2::/112", "fd10:0:0:2::fffe", "fd10:0:0:2::8000", "fd10:0:0:2::fffd");
                };
        assertThat(List.of(
                        subnet.path("cidr").asText(),
                        subnet.path("gateway_ip").asText(),
                        subnet.at("/allocation_pools/0/start").asText(),
                        subnet.at("/allocation_pools/0/end").asText()))
                .isEqualTo(expected);
        assertThat(subnet.path("enable_dhcp").asBoolean()).isFalse();
        assertThat(cloud.model.inventory().isEmpty()).isTrue();
    }

    private ModelReply floatingIp(String more) {
        return cloud.neutron(
                "POST",
                "floatingips",
                "{'floatingip': {'floating_network_id': '" + cloud.layout().publicNetworkId() + "'" + more + "}}");
    }

    private JsonNode port(String id) {
        return cloud.neutron("GET", "ports/" + id).json().path("port");
    }

    private static void assertError(ModelReply reply, int status, String type) {
        assertThat(reply.json().at("/NeutronError/type").asText()).isEqualTo(type);
        assertThat(reply.status()).isEqualTo(status);
    }
}
