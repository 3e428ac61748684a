package io.ballast.testbed.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.testbed.openstack.Cloud;
import io.ballast.testbed.openstack.ModelReply;
import io.ballast.testbed.openstack.Provider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Pools: algorithms, session persistence, health monitors. */
class PoolsContract extends Facts {

    @ParameterizedTest
    @CsvSource({
        "AMPHORA,ROUND_ROBIN,201",
        "AMPHORA,LEAST_CONNECTIONS,201",
        "AMPHORA,SOURCE_IP,201",
        "AMPHORA,SOURCE_IP_PORT,501",
        "OVN,ROUND_ROBIN,501",
        "OVN,LEAST_CONNECTIONS,501",
        "OVN,SOURCE_IP,501",
        "OVN,SOURCE_IP_PORT,201"
    })
    void ovnHasOneAlgorithmAndAmphoraTheOthers(Provider provider, String algorithm, int status) {
        var reply = cloud.createPool(loadBalancer(provider), "TCP", algorithm, "");
        cloud.settle();

        assertThat(reply.status()).as(reply.errorText()).isEqualTo(status);
        assertThat(reply.errorText())
                .startsWith(
                        status == 201
                                ? ""
                                : "Provider '%s' does not support a requested option: ".formatted(provider.label()));
    }

    @ParameterizedTest
    @CsvSource({
        "AMPHORA,HTTP,201",
        "AMPHORA,PROXY,201",
        "AMPHORA,PROXYV2,201",
        "OVN,HTTP,501",
        "OVN,HTTPS,501",
        "OVN,PROXY,501",
        "OVN,PROXYV2,501",
        "OVN,UDP,201",
        "OVN,SCTP,201"
    })
    void ovnTakesPoolsOfLayer4ProtocolsOnly(Provider provider, String protocol, int status) {
        var reply = cloud.createPool(loadBalancer(provider), protocol, Cloud.algorithm(provider), "");
        cloud.settle();

        assertThat(reply.status()).as(reply.errorText()).isEqualTo(status);
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void persistenceBySourceIsStoredWhetherTheProviderHasItOrNot(Provider provider) {
        var reply = cloud.createPool(
                loadBalancer(provider),
                "TCP",
                Cloud.algorithm(provider),
                ", 'session_persistence': {'type': 'SOURCE_IP'}");
        cloud.settle();

        assertThat(reply.json().at("/pool/session_persistence").toString())
                .contains("\"type\":\"SOURCE_IP\"")
                .contains("\"persistence_timeout\":null");
    }

    @Test
    void persistenceTimeoutIsForDatagramPoolsOnly() {
        // Given
        var timeout = ", 'session_persistence': {'type': 'SOURCE_IP', 'persistence_timeout': 60}";
        // When
        var tcp = cloud.createPool(loadBalancer(Provider.AMPHORA), "TCP", "ROUND_ROBIN", timeout);
        var udp = cloud.createPool(loadBalancer(Provider.AMPHORA), "UDP", "ROUND_ROBIN", timeout);
        cloud.settle();
        // Then
        assertThat(tcp.status()).isEqualTo(400);
        assertThat(tcp.errorText()).contains("persistence_timeout");
        assertThat(udp.json()
                        .at("/pool/session_persistence/persistence_timeout")
                        .asInt())
                .isEqualTo(60);
    }

    @Test
    void persistenceIsTakenAwayByNull() {
        // Given
        var pool = Cloud.created(
                cloud.createPool(
                        loadBalancer(Provider.AMPHORA),
                        "TCP",
                        "ROUND_ROBIN",
                        ", 'session_persistence': {'type': 'SOURCE_IP'}"),
                "pool");
        cloud.settle();
        // When
        cloud.octavia("PUT", "pools/" + pool, "{'pool': {'session_persistence': null}}");
        cloud.settle();
        // Then
        assertThat(cloud.octavia("GET", "pools/" + pool)
                        .json()
                        .at("/pool/session_persistence")
                        .isNull())
                .isTrue();
    }

    @Test
    void aPoolsProtocolMustSuitItsListener() {
        // Given
        var listener = cloud.activeListener(loadBalancer(Provider.AMPHORA), freePort());
        // When
        var reply = poolOf(listener, "UDP");
        // Then
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.errorText())
                .contains("The pool protocol 'UDP' is invalid while the listener protocol is 'TCP'.");
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void aSecondDefaultPoolIsRefusedWith409(Provider provider) {
        // Given
        var listener = cloud.activeListener(loadBalancer(provider), freePort());
        Cloud.created(poolOf(listener, "TCP", provider), "pool");
        cloud.settle();
        // When
        var reply = poolOf(listener, "TCP", provider);
        // Then
        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.errorText()).contains("This listener already has a default pool");
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void aPoolThatGoesLeavesItsListenerWithoutOne(Provider provider) {
        // Given
        var listener = cloud.activeListener(loadBalancer(provider), freePort());
        var pool = Cloud.created(poolOf(listener, "TCP", provider), "pool");
        cloud.settle();
        // When
        var reply = cloud.octavia("DELETE", "pools/" + pool);
        cloud.settle();
        // Then
        assertThat(reply.status()).isEqualTo(204);
        assertThat(cloud.octavia("GET", "listeners/" + listener)
                        .json()
                        .at("/listener/default_pool_id")
                        .isNull())
                .isTrue();
        assertThat(cloud.status("pools/" + pool)).isEqualTo("gone");
    }

    @Test
    void aPoolNeedsAListenerOrALoadBalancer() {
        var reply = cloud.octavia("POST", "pools", "{'pool': {'protocol': 'TCP', 'lb_algorithm': 'ROUND_ROBIN'}}");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.errorText()).contains("loadbalancer_id").contains("listener_id");
    }

    private ModelReply poolOf(String listener, String protocol) {
        return poolOf(listener, protocol, Provider.AMPHORA);
    }

    private ModelReply poolOf(String listener, String protocol, Provider provider) {
        return cloud.octavia(
                "POST",
                "pools",
                "{'pool': {'listener_id': '%s', 'protocol': '%s', 'lb_algorithm': '%s'}}"
                        .formatted(listener, protocol, Cloud.algorithm(provider)));
    }
}
