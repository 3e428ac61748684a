package io.ballast.testbed.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.testbed.openstack.Cloud;
import io.ballast.testbed.openstack.ModelReply;
import io.ballast.testbed.openstack.Provider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Listeners: protocols and ports, whom they admit, what they wait for. */
class ListenersContract extends Facts {

    @ParameterizedTest
    @CsvSource({
        "AMPHORA,TCP,201",
        "AMPHORA,UDP,201",
        "AMPHORA,SCTP,201",
        "AMPHORA,HTTP,201",
        "AMPHORA,HTTPS,201",
        "AMPHORA,PROMETHEUS,201",
        "OVN,TCP,201",
        "OVN,UDP,201",
        "OVN,SCTP,201",
        "OVN,HTTP,501",
        "OVN,HTTPS,501",
        "OVN,PROMETHEUS,501"
    })
    void ovnTakesLayer4ProtocolsAndAmphoraAll(Provider provider, String protocol, int status) {
        var reply = cloud.createListener(loadBalancer(provider), protocol, freePort(), "");

        assertThat(reply.status()).as(reply.errorText()).isEqualTo(status);
        cloud.settle();
    }

    @Test
    void whatOvnLacksIsAnsweredWith501AndChangesNothing() {
        // When
        var reply = cloud.createListener(loadBalancer(Provider.OVN), "HTTP", freePort(), "");
        // Then
        assertThat(reply.status()).isEqualTo(501);
        assertThat(reply.errorText())
                .startsWith("Provider 'ovn' does not support a requested option: ")
                .contains("HTTP");
        assertThat(cloud.status("loadbalancers/" + loadBalancer(Provider.OVN))).isEqualTo("ACTIVE");
    }

    @ParameterizedTest
    @CsvSource({"TCP,TCP,409", "HTTP,TCP,409", "UDP,UDP,409", "UDP,TCP,201", "SCTP,TCP,201", "SCTP,UDP,201"})
    void listenersShareAPortOnlyWithOtherTransports(String second, String first, int status) {
        // Given
        int port = freePort();
        var id = loadBalancer(Provider.AMPHORA);
        Cloud.created(cloud.createListener(id, first, port, ""), "listener");
        cloud.settle();
        // When
        var reply = cloud.createListener(id, second, port, "");
        cloud.settle();
        // Then
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.errorText())
                .matches(status == 201 ? "" : ".*already using protocol " + first + " and protocol_port " + port);
    }

    @Test
    void ovnToo() {
        // Given
        int port = freePort();
        var id = loadBalancer(Provider.OVN);
        Cloud.created(cloud.createListener(id, "TCP", port, ""), "listener");
        // When, Then
        assertThat(cloud.createListener(id, "TCP", port, "").status()).isEqualTo(409);
        assertThat(cloud.createListener(id, "UDP", port, "").status()).isEqualTo(201);
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void onePoolMayServeTwoListeners(Provider provider) {
        // Given
        var id = loadBalancer(provider);
        var pool = cloud.activePool(provider, id);
        var first = listener(id, ", 'default_pool_id': '" + pool + "'");
        cloud.settle();
        // When
        var second = listener(id, ", 'default_pool_id': '" + pool + "'");
        cloud.settle();
        // Then
        assertThat(cloud.octavia("GET", "pools/" + pool)
                        .json()
                        .at("/pool/listeners")
                        .findValuesAsText("id"))
                .containsExactlyInAnyOrder(Cloud.created(first, "listener"), Cloud.created(second, "listener"));
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void aListenerMayBeMovedToAnotherPool(Provider provider) {
        // Given
        var id = loadBalancer(provider);
        var pool = cloud.activePool(provider, id);
        var listener = Cloud.created(listener(id, ""), "listener");
        cloud.settle();
        // When
        var reply = cloud.octavia("PUT", "listeners/" + listener, "{'listener': {'default_pool_id': '" + pool + "'}}");
        cloud.settle();
        // Then
        assertThat(reply.status()).as(reply.errorText()).isEqualTo(200);
        assertThat(shown(listener, "default_pool_id")).isEqualTo(pool);
    }

    @Test
    void aPortCannotBeChanged() {
        // Given
        var listener = Cloud.created(listener(loadBalancer(Provider.AMPHORA), ""), "listener");
        cloud.settle();
        // When
        var reply = cloud.octavia("PUT", "listeners/" + listener, "{'listener': {'protocol_port': 81}}");
        // Then
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.errorText()).contains("Unknown attribute for argument").contains("protocol_port");
    }

    @Test
    void allowedCidrsAreKeptInTheirOrder() {
        // When
        var reply = listener(loadBalancer(Provider.AMPHORA), ", 'allowed_cidrs': ['10.9.0.0/16', '10.8.0.0/16']");
        cloud.settle();
        // Then
        assertThat(ContractCloud.texts(cloud.octavia("GET", "listeners/" + Cloud.created(reply, "listener"))
                        .json()
                        .at("/listener/allowed_cidrs")))
                .containsExactlyInAnyOrder("10.9.0.0/16", "10.8.0.0/16");
    }

    @Test
    void allowedCidrsAreNullUntilSomebodySetsThem() {
        var reply = listener(loadBalancer(Provider.AMPHORA), "");
        cloud.settle();

        assertThat(reply.json().at("/listener/allowed_cidrs").isNull()).isTrue();
    }

    @Test
    void allowedCidrsOfTheOtherFamilyAreRefusedWith400() {
        var reply = listener(loadBalancer(Provider.AMPHORA), ", 'allowed_cidrs': ['fd00::/8']");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.errorText()).startsWith("Validation failure: CIDR fd00::/8 IP version incompatible with VIP ");
    }

    @Test
    void ovnRefusesAllowedCidrsWith501() {
        var reply = listener(loadBalancer(Provider.OVN), ", 'allowed_cidrs': ['10.9.0.0/16']");

        assertThat(reply.status()).isEqualTo(501);
        assertThat(reply.errorText()).startsWith("Provider 'ovn' does not support a requested option: ");
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void timeoutsAreMillisecondsAndHaveDefaults(Provider provider) {
        // When
        var reply = listener(loadBalancer(provider), ", 'timeout_client_data': 1000");
        cloud.settle();
        // Then
        var listener = reply.json().path("listener");
        assertThat(listener.path("timeout_client_data").asInt()).isEqualTo(1000);
        assertThat(listener.path("timeout_member_data").asInt()).isEqualTo(50_000);
        assertThat(listener.path("timeout_member_connect").asInt()).isEqualTo(5_000);
        assertThat(listener.path("timeout_tcp_inspect").asInt()).isEqualTo(0);
        assertThat(listener.path("connection_limit").asInt()).isEqualTo(-1);
    }

    @Test
    void nullSetsATimeoutToItsDefaultAgain() {
        // Given
        var reply = listener(loadBalancer(Provider.AMPHORA), ", 'timeout_client_data': 1000");
        var listener = Cloud.created(reply, "listener");
        cloud.settle();
        // When
        cloud.octavia("PUT", "listeners/" + listener, "{'listener': {'timeout_client_data': null}}");
        cloud.settle();
        // Then
        assertThat(shown(listener, "timeout_client_data")).isEqualTo("50000");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'protocol': 'TCP', 'protocol_port': 70000 | protocol_port. Value: '70000'. Value should be lower or equal to 65535",
                "'protocol': 'TCP', 'protocol_port': 0 | protocol_port. Value: '0'. Value should be greater or equal to 1",
                "'protocol': 'TPC', 'protocol_port': 80 | protocol. Value: 'TPC'. Value should be one of: ",
                "'protocol': 'TCP' | protocol_port. Value: 'None'. Mandatory field missing.",
                "'protocol': 'TCP', 'protocol_port': 80, 'allowed_cidrs': ['10.0.0.0/99'] | allowed_cidrs",
                "'protocol': 'TCP', 'protocol_port': 80, 'colour': 'red' | Unknown attribute for argument"
            })
    void aBadValueIsRefusedWith400AndNamed(String fields, String text) {
        var reply = cloud.octavia(
                "POST",
                "listeners",
                "{'listener': {'loadbalancer_id': '" + loadBalancer(Provider.AMPHORA) + "', " + fields + "}}");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.errorText()).contains(text);
    }

    @Test
    void aListenerForNoLoadBalancerIsAnsweredWith404() {
        assertRefused(
                cloud.createListener("4b6d7a6e-0000-4000-8000-000000000000", "TCP", 80, ""),
                404,
                "Load Balancer 4b6d7a6e-0000-4000-8000-000000000000 not found.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"insert_headers", "default_tls_container_ref"})
    void whatHttpNeedsIsRefusedOnTcpWith400(String field) {
        var value =
                field.equals("insert_headers") ? "{'X-Forwarded-For': 'true'}" : "'https://keys.test/v1/containers/1'";

        assertThat(listener(loadBalancer(Provider.AMPHORA), ", '" + field + "': " + value)
                        .status())
                .isEqualTo(400);
    }

    private ModelReply listener(String loadBalancer, String more) {
        return cloud.createListener(loadBalancer, "TCP", freePort(), more);
    }

    private String shown(String listener, String field) {
        return cloud.octavia("GET", "listeners/" + listener)
                .json()
                .path("listener")
                .path(field)
                .asText();
    }
}
