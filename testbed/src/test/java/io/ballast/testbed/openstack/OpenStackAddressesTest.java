package io.ballast.testbed.openstack;

import static org.assertj.core.api.Assertions.assertThat;

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

    private static void assertError(ModelReply reply, int status, String type) {
        assertThat(reply.json().at("/NeutronError/type").asText()).isEqualTo(type);
        assertThat(reply.status()).isEqualTo(status);
    }
}
