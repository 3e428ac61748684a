package io.ballast.testbed.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.testbed.openstack.ModelReply;
import io.ballast.testbed.openstack.ModelRequest;
import io.ballast.testbed.openstack.OpenStackService;
import io.ballast.testbed.openstack.Provider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may do what at Octavia; its versions; requests that make no sense. */
class AccessContract extends Facts {
    private static final String FORBIDDEN = "Policy does not allow this request to be performed.";
    private static final String NOWHERE = "4b6d7a6e-0000-4000-8000-000000000000";

    @Test
    void withoutARoleOfOctaviaNothingIsSeen() {
        assertRefused(cloud.send("nolb", octavia("GET", "/v2/lbaas/loadbalancers")), 403, FORBIDDEN);
    }

    @Test
    void anObserverSeesEverythingOfItsProject() {
        // Given
        var id = loadBalancer(Provider.OVN);
        // When
        var list = cloud.send("observer", octavia("GET", "/v2/lbaas/loadbalancers?id=" + id));
        // Then
        assertThat(list.json().at("/loadbalancers/0/id").asText()).isEqualTo(id);
    }

    @Test
    void anObserverChangesNothing() {
        var create = octavia("POST", "/v2/lbaas/loadbalancers")
                .withBody(
                        "{'loadbalancer': {'vip_subnet_id': '" + cloud.layout().serviceSubnetId() + "'}}");

        assertRefused(cloud.send("observer", create), 403, FORBIDDEN);
    }

    @Test
    void aLoadBalancerForAnotherProjectIsRefusedWith403() {
        assertRefused(create("'project_id': '" + NOWHERE + "', 'vip_subnet_id': 'SUBNET'"), 403, FORBIDDEN);
    }

    @ParameterizedTest
    @EnumSource(OpenStackService.class)
    void withoutATokenARequestIsRefusedWith401(OpenStackService service) {
        var target =
                switch (service) {
                    case KEYSTONE -> "/v3/auth/catalog";
                    case NEUTRON -> "/v2.0/ports";
                    case OCTAVIA -> "/v2/lbaas/loadbalancers";
                };
        var reply = cloud.sendBare(ModelRequest.of(service, "GET", target));

        assertRefused(reply, 401, "The request you have made requires authentication.");
        assertThat(reply.json().at("/error/title").asText()).isEqualTo("Unauthorized");
    }

    @Test
    void aRequestWithoutATokenGetsNoIdOfOctaviaAndOneOfNeutron() {
        var octavia = cloud.sendBare(octavia("GET", "/v2/lbaas/loadbalancers"));
        var neutron = cloud.sendBare(ModelRequest.of(OpenStackService.NEUTRON, "GET", "/v2.0/ports"));

        assertThat(octavia.headers().containsKey("x-openstack-request-id")).isFalse();
        assertThat(neutron.headers().containsKey("x-openstack-request-id")).isTrue();
    }

    @Test
    void itsVersionsAreListedWithoutATokenTheNewestLastAndCurrent() {
        var versions = cloud.sendBare(octavia("GET", "/")).json().path("versions");

        assertThat(versions.at("/0/id").asText()).isEqualTo("v2.0");
        var last = versions.get(versions.size() - 1);
        assertThat(last.path("id").asText()).isEqualTo("v2." + (versions.size() - 1));
        assertThat(last.path("status").asText()).isEqualTo("CURRENT");
    }

    @Test
    void belowItsVersionATokenIsNeeded() {
        assertThat(cloud.sendBare(octavia("GET", "/v2")).status()).isEqualTo(401);
    }

    @Test
    void itsProvidersAreSeenByAMember() {
        assertThat(cloud.octavia("GET", "providers").json().path("providers").findValuesAsText("name"))
                .contains("amphora", "ovn");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'name': 'x' | Validation failure: VIP must contain one of: vip_port_id, vip_network_id, vip_subnet_id.",
                "'vip_subnet_id': 'nope' | Invalid input for field/attribute vip_subnet_id. Value: 'nope'. Value should be UUID format",
                "'vip_subnet_id': 'NOWHERE' | Subnet NOWHERE not found.",
                "'vip_port_id': 'NOWHERE' | Port NOWHERE not found.",
                "'vip_network_id': 'NOWHERE' | Network NOWHERE not found.",
                "'vip_network_id': 'PODNET', 'vip_subnet_id': 'SUBNET' | Subnet SUBNET not found.",
                "'vip_network_id': 'PODNET', 'vip_address': '10.77.0.1' | Validation failure: Supplied network does not contain a subnet for VIP address specified.",
                "'vip_subnet_id': 'SUBNET', 'provider': 'nope' | Provider 'nope' is not enabled.",
                "'vip_subnet_id': 'SUBNET', 'flavor_id': 'NOWHERE' | Validation failure: Invalid flavor_id.",
                "'vip_subnet_id': 'SUBNET', 'colour': 'red' | Unknown attribute for argument load_balancer.loadbalancer: colour",
                "'vip_subnet_id': 'SUBNET', 'colour': 'red', 'smell': 'x' | Unknown attributes for argument load_balancer.loadbalancer: colour, smell",
                "'vip_subnet_id': 'SUBNET', 'vip_address': 'ten' | Invalid input for field/attribute vip_address. Value: 'ten'. Value should be IPv4 or IPv6 format",
                "'vip_subnet_id': 'SUBNET', 'name': 5 | Invalid input for field/attribute name. Value: '5'. Value should be string"
            })
    void aLoadBalancerThatMakesNoSenseIsRefusedWith400(String fields, String text) {
        assertRefused(create(fields), 400, filled(text));
    }

    @Test
    void aVipCannotBeChanged() {
        assertRefused(
                cloud.octavia(
                        "PUT",
                        "loadbalancers/" + loadBalancer(Provider.OVN),
                        "{'loadbalancer': {'vip_address': '10.2.0.1'}}"),
                400,
                "Unknown attribute for argument load_balancer.loadbalancer: vip_address");
    }

    @Test
    void anEmptyBodyIsAnsweredWith500() {
        assertThat(cloud.octavia("POST", "loadbalancers", "{}").status()).isEqualTo(500);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE"})
    void aListCannotBeWrittenTo(String method) {
        assertRefused(cloud.octavia(method, "loadbalancers", "{}"), 400, "Missing argument: \"id\"");
    }

    @Test
    void aPathThatIsNotThereIsA404OfAnotherShape() {
        var reply = cloud.octavia("GET", "nope");

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.json().path("title").asText()).isEqualTo("Not Found");
    }

    private ModelReply create(String fields) {
        return cloud.octavia("POST", "loadbalancers", "{'loadbalancer': {" + filled(fields) + "}}");
    }

    private String filled(String text) {
        return text.replace("NOWHERE", NOWHERE)
                .replace("PODNET", cloud.layout().podNetworkId())
                .replace("SUBNET", cloud.layout().serviceSubnetId());
    }

    private static ModelRequest octavia(String method, String target) {
        return ModelRequest.of(OpenStackService.OCTAVIA, method, target);
    }
}
