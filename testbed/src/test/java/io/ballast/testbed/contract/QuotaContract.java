package io.ballast.testbed.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.testbed.openstack.ModelReply;
import io.ballast.testbed.openstack.ModelRequest;
import io.ballast.testbed.openstack.OpenStackService;
import io.ballast.testbed.openstack.Provider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Quotas: who may see and set them, and what happens at their end. The project's own are restored. */
class QuotaContract extends Facts {
    private static final String FORBIDDEN = "Policy does not allow this request to be performed.";

    private String octaviaBefore = "";
    private String neutronBefore = "";

    @BeforeEach
    void remember() {
        octaviaBefore = octavia("GET", "").json().toString();
        neutronBefore = neutron("GET", "").json().toString();
    }

    @AfterEach
    void restore() {
        assertThat(octavia("PUT", octaviaBefore).status()).isEqualTo(202);
        assertThat(neutron("PUT", neutronBefore).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "load_balancer,Load Balancer",
        "listener,Listener",
        "pool,Pool",
        "member,Member",
        "health_monitor,Health Monitor"
    })
    void atItsEndACreateIsRefusedWith403AndTheLoadBalancerStaysActive(String resource, String label) {
        // Given
        var id = loadBalancer(Provider.OVN);
        var pool = cloud.activePool(Provider.OVN, id);
        octavia("PUT", "{'quota': {'" + resource + "': 0}}");
        // When
        var reply =
                switch (resource) {
                    case "load_balancer" -> cloud.createLoadBalancer(Provider.OVN, "");
                    case "listener" -> cloud.createListener(id, "TCP", freePort(), "");
                    case "pool" -> cloud.createPool(id, "TCP", "SOURCE_IP_PORT", "");
                    case "member" -> cloud.createMember(pool, "10.1.0.11");
                    default ->
                        cloud.octavia(
                                "POST",
                                "healthmonitors",
                                "{'healthmonitor': {'pool_id': '" + pool
                                        + "', 'type': 'TCP', 'delay': 5, 'timeout': 3, 'max_retries': 3}}");
                };
        // Then
        assertRefused(reply, 403, "Quota has been met for resources: " + label);
        assertThat(cloud.status("loadbalancers/" + id)).isEqualTo("ACTIVE");
    }

    @Test
    void aBatchOverTheQuotaIsRefusedWith403AsAWhole() {
        // Given
        var pool = cloud.activePool(Provider.OVN, loadBalancer(Provider.OVN));
        octavia("PUT", "{'quota': {'member': 0}}");
        // When, Then
        assertRefused(
                cloud.batch(pool, cloud.member("10.1.0.10", 80), cloud.member("10.1.0.11", 80)),
                403,
                "Quota has been met for resources: Member");
        assertThat(cloud.octavia("GET", "pools/" + pool + "/members").json().path("members"))
                .isEmpty();
    }

    @Test
    void aMemberSeesTheQuotaOfItsProjectByTheNamesWithUnderscores() {
        var reply = cloud.octavia("GET", "quotas/" + cloud.projectId());

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().path("quota").has("load_balancer")).isTrue();
        assertThat(reply.json().path("quota").has("health_monitor")).isTrue();
        assertThat(reply.json().path("quota").has("loadbalancer")).isFalse();
    }

    @Test
    void aSettingIsAnsweredWith202AndShownAtOnce() {
        // When
        var reply = octavia("PUT", "{'quota': {'listener': 77}}");
        // Then
        assertThat(reply.status()).isEqualTo(202);
        assertThat(cloud.octavia("GET", "quotas/" + cloud.projectId())
                        .json()
                        .at("/quota/listener")
                        .asInt())
                .isEqualTo(77);
    }

    @ParameterizedTest
    @ValueSource(strings = {"defaults", "4b6d7a6e-0000-4000-8000-000000000000"})
    void aMemberDoesNotSeeOtherQuotas(String which) {
        assertRefused(cloud.octavia("GET", "quotas/" + which), 403, FORBIDDEN);
    }

    @Test
    void aMemberDoesNotSetQuotas() {
        assertRefused(
                cloud.octavia("PUT", "quotas/" + cloud.projectId(), "{'quota': {'listener': 5}}"), 403, FORBIDDEN);
    }

    @Test
    void anUnknownResourceIsRefusedWith400() {
        assertRefused(
                octavia("PUT", "{'quota': {'colour': 1}}"), 400, "Unknown attribute for argument quotas.quota: colour");
    }

    @ParameterizedTest
    @CsvSource({"floatingip,floatingips", "port,ports", "security_group,security-groups"})
    void neutronAnswers409WhereOctaviaAnswers403(String resource, String collection) {
        // Given
        neutron("PUT", "{'quota': {'" + resource + "': 0}}");
        // When
        var fields =
                switch (resource) {
                    case "floatingip" ->
                        "'floating_network_id': '" + cloud.layout().publicNetworkId() + "'";
                    case "port" -> "'network_id': '" + cloud.layout().podNetworkId() + "'";
                    default -> "'name': 'none'";
                };
        var reply = cloud.neutron("POST", collection, "{'" + resource + "': {" + fields + "}}");
        // Then
        assertNeutron(reply, 409, "OverQuota");
        assertThat(reply.errorText()).isEqualTo("Quota exceeded for resources: ['" + resource + "'].");
    }

    @Test
    void neutronTellsHowMuchIsUsed() {
        var quota = cloud.neutron("GET", "quotas/" + cloud.projectId() + "/details.json")
                .json()
                .path("quota");

        assertThat(quota.at("/router/used").asInt()).isPositive();
        assertThat(quota.at("/floatingip").size()).isEqualTo(3);
    }

    @Test
    void neutronShowsNoQuotaOfOthers() {
        assertNeutron(cloud.neutron("GET", "quotas/4b6d7a6e-0000-4000-8000-000000000000"), 403, "PolicyNotAuthorized");
    }

    private ModelReply octavia(String method, String body) {
        return asAdmin(OpenStackService.OCTAVIA, method, "/v2/lbaas/quotas/", body);
    }

    private ModelReply neutron(String method, String body) {
        return asAdmin(OpenStackService.NEUTRON, method, "/v2.0/quotas/", body);
    }

    private ModelReply asAdmin(OpenStackService service, String method, String target, String body) {
        var request = ModelRequest.of(service, method, target + cloud.projectId());
        return cloud.send("admin", body.isEmpty() ? request : request.withBody(body));
    }
}
