package io.ballast.testbed.openstack;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the ovn provider refuses, and what it accepts and ignores. */
class OpenStackOvnTest {
    private static final String REFUSED = "Provider 'ovn' does not support a requested option: ";
    private final ModelCloud cloud = ModelCloud.measured();

    @ParameterizedTest
    @ValueSource(strings = {"HTTP", "HTTPS", "PROMETHEUS"})
    void refusesListenersThatAreNotLayer4(String protocol) {
        // Given
        var id = cloud.activeLoadBalancer(Provider.OVN, "");
        // When
        var reply = cloud.createListener(id, protocol, 80, "");
        // Then
        assertRefused(reply);
        assertThat(cloud.status("loadbalancers/" + id)).isEqualTo("ACTIVE");
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP,SOURCE_IP_PORT",
        "HTTPS,SOURCE_IP_PORT",
        "PROXY,SOURCE_IP_PORT",
        "PROXYV2,SOURCE_IP_PORT",
        "TCP,ROUND_ROBIN",
        "TCP,LEAST_CONNECTIONS",
        "UDP,SOURCE_IP"
    })
    void refusesPoolsOfOtherProtocolsAndAlgorithms(String protocol, String algorithm) {
        // Given
        var id = cloud.activeLoadBalancer(Provider.OVN, "");
        // When
        var reply = cloud.createPool(id, protocol, algorithm, "");
        // Then
        assertRefused(reply);
    }

    @Test
    void amphoraRefusesTheOneAlgorithmThatOvnHas() {
        // Given
        var id = cloud.activeLoadBalancer(Provider.AMPHORA, "");
        // When
        var reply = cloud.createPool(id, "TCP", "SOURCE_IP_PORT", "");
        // Then
        assertThat(reply.status()).isEqualTo(501);
        assertThat(reply.errorText()).startsWith("Provider 'amphora' does not support a requested option: ");
    }

    @Test
    void refusesAllowedCidrs() {
        // Given
        var id = cloud.activeLoadBalancer(Provider.OVN, "");
        // When
        var reply = cloud.createListener(id, "TCP", 80, ", 'allowed_cidrs': ['10.0.0.0/8']");
        // Then
        assertRefused(reply);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'address': '10.1.0.9', 'protocol_port': 80} | 501",
                "{'address': '10.2.0.9', 'protocol_port': 80} | 201",
                "{'address': '10.1.0.9', 'protocol_port': 80, 'subnet_id': 'PODS'} | 201",
                "{'address': '10.1.0.9', 'protocol_port': 80, 'subnet_id': 'PODS', 'monitor_port': 81} | 501",
                "{'address': '10.1.0.9', 'protocol_port': 80, 'subnet_id': 'PODS', 'monitor_address': '10.1.0.8'} | 501",
                "{'address': 'fd10::9', 'protocol_port': 80, 'subnet_id': 'PODS'} | 501",
                "{'address': '10.1.0.9', 'protocol_port': 80, 'subnet_id': 'PODS', 'weight': 0, 'backup': true} | 201"
            })
    void takesMembersWithASubnetOfTheSameFamilyAndNoMonitorOptions(String member, int status) {
        // Given
        var pool = cloud.activePool(Provider.OVN, cloud.activeLoadBalancer(Provider.OVN, ""));
        // When
        var reply = cloud.octavia(
                "POST",
                "pools/" + pool + "/members",
                "{'member': " + member.replace("PODS", cloud.layout().podSubnetId()) + "}");
        // Then
        assertThat(reply.status()).isEqualTo(status);
    }

    @Test
    void amphoraTakesIpv6MembersInAnIpv4LoadBalancer() {
        // Given
        var pool = cloud.activePool(Provider.AMPHORA, cloud.activeLoadBalancer(Provider.AMPHORA, ""));
        // When
        var reply = cloud.octavia(
                "POST", "pools/" + pool + "/members", "{'member': {'address': 'fd10::9', 'protocol_port': 80}}");
        // Then
        assertThat(reply.status()).isEqualTo(201);
    }

    @Test
    void refusesFailoverAndHasNoAmphorae() {
        // Given
        var id = cloud.activeLoadBalancer(Provider.OVN, "");
        // When
        var failover = cloud.send(
                "admin",
                ModelRequest.of(OpenStackService.OCTAVIA, "PUT", "/v2/lbaas/loadbalancers/" + id + "/failover"));
        var amphorae = cloud.send("admin", ModelRequest.of(OpenStackService.OCTAVIA, "GET", "/v2/octavia/amphorae"));
        // Then
        assertThat(failover.status()).isEqualTo(501);
        assertThat(amphorae.json().path("amphorae")).isEmpty();
    }

    @Test
    void answers500ToAVipPort() {
        // Given
        var port = cloud.neutron(
                        "POST",
                        "ports",
                        "{'port': {'network_id': '" + cloud.layout().serviceNetworkId() + "'}}")
                .json()
                .path("port");
        // When
        var reply = cloud.octavia(
                "POST",
                "loadbalancers",
                "{'loadbalancer': {'provider': 'ovn', 'vip_port_id': '"
                        + port.path("id").asText() + "'}}");
        // Then
        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.errorText())
                .contains(port.at("/fixed_ips/0/ip_address").asText() + " already allocated");
    }

    @Test
    void storesPersistenceAndTimeoutsThatItIgnores() {
        // Given
        var id = cloud.activeLoadBalancer(Provider.OVN, "");
        // When
        var pool = cloud.createPool(id, "TCP", "SOURCE_IP_PORT", ", 'session_persistence': {'type': 'SOURCE_IP'}");
        cloud.settle();
        var listener = cloud.createListener(id, "TCP", 80, ", 'timeout_client_data': 1000, 'connection_limit': 5");
        // Then
        assertThat(pool.json().at("/pool/session_persistence/type").asText()).isEqualTo("SOURCE_IP");
        assertThat(listener.json().at("/listener/timeout_client_data").asInt()).isEqualTo(1000);
    }

    @Test
    void mayLeaveAHealthMonitorInErrorUnderAnActiveLoadBalancer() {
        // Given
        cloud.with(Faults.none().with("ovnMonitorsFail", true));
        var id = cloud.activeLoadBalancer(Provider.OVN, cloud.populated(Provider.OVN, 80, "10.1.0.10"));
        var pool = cloud.loadBalancer(id).at("/pools/0/id").asText();
        // When
        var monitor = Cloud.created(
                cloud.octavia(
                        "POST",
                        "healthmonitors",
                        "{'healthmonitor': {'pool_id': '" + pool
                                + "', 'type': 'TCP', 'delay': 5, 'timeout': 3, 'max_retries': 3}}"),
                "healthmonitor");
        cloud.settle();
        // Then
        assertThat(cloud.status("loadbalancers/" + id)).isEqualTo("ACTIVE");
        assertThat(cloud.status("pools/" + pool)).isEqualTo("ACTIVE");
        assertThat(cloud.status("healthmonitors/" + monitor)).isEqualTo("ERROR");
    }

    private static void assertRefused(ModelReply reply) {
        assertThat(reply.status()).isEqualTo(501);
        assertThat(reply.errorText()).startsWith(REFUSED);
    }
}
