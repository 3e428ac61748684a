package io.ballast.testbed.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.testbed.openstack.Cloud;
import io.ballast.testbed.openstack.ModelReply;
import io.ballast.testbed.openstack.ModelRequest;
import io.ballast.testbed.openstack.OpenStackService;
import io.ballast.testbed.openstack.Provider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is only so with the ovn provider: what it ignores, and what it leaves behind. */
class OvnContract extends Facts {
    private String listener = "";
    private String pool = "";

    @Test
    void itHasNoAmphorae() {
        var amphorae = cloud.send(
                "admin",
                ModelRequest.of(
                        OpenStackService.OCTAVIA,
                        "GET",
                        "/v2/octavia/amphorae?loadbalancer_id=" + loadBalancer(Provider.OVN)));

        assertThat(amphorae.json().path("amphorae")).isEmpty();
    }

    @Test
    void aFailoverIsAnsweredWith501() {
        assertRefused(
                cloud.send(
                        "admin",
                        ModelRequest.of(
                                OpenStackService.OCTAVIA,
                                "PUT",
                                "/v2/lbaas/loadbalancers/" + loadBalancer(Provider.OVN) + "/failover")),
                501,
                "Provider 'ovn' does not support a requested option: OVN provider does not support loadbalancer failover");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SOURCE_IP", "HTTP_COOKIE"})
    void persistenceIsStoredAndIgnored(String type) {
        var reply = cloud.createPool(
                loadBalancer(Provider.OVN),
                "TCP",
                "SOURCE_IP_PORT",
                ", 'session_persistence': {'type': '" + type + "'}");

        assertThat(reply.json().at("/pool/session_persistence/type").asText()).isEqualTo(type);
    }

    @Test
    void timeoutsAndLimitsAreStoredAndIgnored() {
        var reply = cloud.createListener(
                loadBalancer(Provider.OVN), "TCP", freePort(), ", 'timeout_client_data': 1000, 'connection_limit': 5");

        assertThat(reply.json().at("/listener/timeout_client_data").asInt()).isEqualTo(1000);
        assertThat(reply.json().at("/listener/connection_limit").asInt()).isEqualTo(5);
    }

    @Test
    void aMemberOfWeight0IsShownLikeAnyOther() {
        // Given
        makePool();
        // When
        cloud.batch(pool, cloud.member("10.1.0.10", 80).replace("}", ", 'weight': 0}"));
        cloud.settle();
        // Then
        var member = cloud.octavia("GET", "pools/" + pool + "/members").json().at("/members/0");
        assertThat(member.path("weight").asInt()).isEqualTo(0);
        assertThat(member.path("operating_status").asText()).isEqualTo("NO_MONITOR");
    }

    @Test
    void aMemberThatIsSetDownIsShownAsOffline() {
        // Given
        makePool();
        // When
        cloud.batch(pool, cloud.member("10.1.0.10", 80).replace("}", ", 'admin_state_up': false}"));
        cloud.settle();
        // Then
        assertThat(cloud.octavia("GET", "pools/" + pool + "/members")
                        .json()
                        .at("/members/0/operating_status")
                        .asText())
                .isEqualTo("OFFLINE");
    }

    @Test
    void anEmptyPoolIsOnlineWhereAListenerUsesItAndOfflineElsewhere() {
        // Given
        makePool();
        // When
        var other = cloud.activePool(Provider.OVN, loadBalancer(Provider.OVN));
        // Then
        assertThat(operating(pool)).isEqualTo("ONLINE");
        assertThat(operating(other)).isEqualTo("OFFLINE");
    }

    @Test
    void aPoolThatIsEmptiedIsOffline() {
        // Given
        makePool();
        cloud.createMember(pool, "10.1.0.10");
        cloud.settle();
        // When
        cloud.batch(pool);
        cloud.settle();
        // Then
        assertThat(operating(pool)).isEqualTo("OFFLINE");
    }

    @Test
    void aChangeOfAPoolLeavesItsListenerPendingUnderAnActiveLoadBalancer() {
        // Given
        makePool();
        // When
        cloud.octavia("PUT", "pools/" + pool, "{'pool': {'name': 'other'}}");
        cloud.settle();
        // Then
        assertThat(cloud.status("listeners/" + listener)).isEqualTo("PENDING_UPDATE");
        assertThat(cloud.status("pools/" + pool)).isEqualTo("ACTIVE");
    }

    @Test
    void aMonitorThatComesLeavesTheListenerPendingToo() {
        // Given
        makePool(cloud.activeLoadBalancer(Provider.OVN, ""));
        // When
        monitor();
        cloud.settle();
        // Then
        assertThat(cloud.status("listeners/" + listener)).isEqualTo("PENDING_UPDATE");
    }

    @Test
    void aListenerThatWasLeftPendingTakesAChangeAndIsActiveAgain() {
        // Given
        makePool();
        cloud.octavia("PUT", "pools/" + pool, "{'pool': {'name': 'other'}}");
        cloud.settle();
        // When
        var reply = cloud.octavia("PUT", "listeners/" + listener, "{'listener': {'name': 'other'}}");
        cloud.settle();
        // Then
        assertThat(reply.status()).isEqualTo(200);
        assertThat(cloud.status("listeners/" + listener)).isEqualTo("ACTIVE");
    }

    @Test
    void aMemberThatIsWrittenMakesTheListenerActiveAgain() {
        // Given
        makePool();
        cloud.octavia("PUT", "pools/" + pool, "{'pool': {'name': 'other'}}");
        cloud.settle();
        // When
        cloud.createMember(pool, "10.1.0.10");
        cloud.settle();
        // Then
        assertThat(cloud.status("listeners/" + listener)).isEqualTo("ACTIVE");
    }

    @Test
    void aMonitorOverMembersThatAreNoNeutronPortsIsInErrorUnderAnActivePool() {
        // Given
        cloud.prefer("ovnMonitorsFail", true);
        var own = cloud.activeLoadBalancer(Provider.OVN, "");
        makePool(own);
        cloud.createMember(pool, "10.1.0.10");
        cloud.settle();
        // When
        var monitor = Cloud.created(monitor(), "healthmonitor");
        cloud.settle();
        // Then
        assertThat(cloud.status("healthmonitors/" + monitor)).isEqualTo("ERROR");
        assertThat(cloud.status("pools/" + pool)).isEqualTo("ACTIVE");
        assertThat(cloud.status("loadbalancers/" + own)).isEqualTo("ACTIVE");
        // When it is taken away
        var reply = cloud.octavia("DELETE", "healthmonitors/" + monitor);
        // Then
        assertThat(reply.status()).isEqualTo(204);
    }

    private String operating(String id) {
        return cloud.octavia("GET", "pools/" + id)
                .json()
                .at("/pool/operating_status")
                .asText();
    }

    private void makePool() {
        makePool(loadBalancer(Provider.OVN));
    }

    private void makePool(String loadBalancer) {
        listener = cloud.activeListener(loadBalancer, freePort());
        pool = Cloud.created(
                cloud.octavia(
                        "POST",
                        "pools",
                        "{'pool': {'listener_id': '" + listener
                                + "', 'protocol': 'TCP', 'lb_algorithm': 'SOURCE_IP_PORT'}}"),
                "pool");
        cloud.settle();
    }

    private ModelReply monitor() {
        return cloud.octavia(
                "POST",
                "healthmonitors",
                "{'healthmonitor': {'pool_id': '" + pool
                        + "', 'type': 'TCP', 'delay': 5, 'timeout': 3, 'max_retries': 3}}");
    }
}
