package io.ballast.testbed.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.testbed.openstack.Cloud;
import io.ballast.testbed.openstack.ModelRequest;
import io.ballast.testbed.openstack.OpenStackService;
import java.util.ArrayList;
import java.util.HashSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Neutron's lists: filters, tags, pages; what it says of what is not there. */
class NeutronListingContract extends Facts {
    private static final String NOWHERE = "4b6d7a6e-0000-4000-8000-000000000000";

    private final String address = ContractCloud.freeVip();
    private final String name = ContractCloud.unique("p");
    private String port = "";

    @BeforeAll
    void createPorts() {
        port = cloud.shared(() -> {
            create(ContractCloud.freeVip());
            return create(address);
        });
    }

    private String create(String fixed) {
        return Cloud.created(
                cloud.neutron(
                        "POST",
                        "ports",
                        "{'port': {'network_id': '%s', 'name': '%s', 'description': 'of %s', 'fixed_ips': [{'ip_address': '%s'}]}}"
                                .formatted(cloud.layout().serviceNetworkId(), name, name, fixed)),
                "port");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ports?name=NAME | 2",
                "ports?name=NAME&name=other | 2",
                "ports?description=of NAME | 2",
                "ports?id=PORT&id=NOWHERE | 1",
                "ports?fixed_ips=ip_address%3DADDRESS | 1",
                "ports?fixed_ips=ip_address%3DADDRESS&fixed_ips=subnet_id%3DSERVICES | 1",
                "ports?fixed_ips=ip_address%3DADDRESS&fixed_ips=subnet_id%3DPODS | 0",
                "ports?name=NAME&network_id=SERVICENET | 2",
                "ports?name=NAME&device_owner=Octavia | 0",
                "networks?router:external=True&name=public | 1",
                "networks?router%3Aexternal=true&name=public | 1",
                "networks?router:external=False&name=public | 0",
                "networks?name=NAME | 0",
                "subnets?cidr=10.2.0.0/16&name=k8s-service-subnet | 1",
                "subnets?network_id=SERVICENET&ip_version=6 | 1"
            })
    void thingsAreFilteredByWhatTheyShow(String target, int expected) {
        var reply = cloud.neutron(
                "GET",
                target.replace("NAME", name)
                        .replace("PORT", port)
                        .replace("NOWHERE", NOWHERE)
                        .replace("ADDRESS", address)
                        .replace("SERVICENET", cloud.layout().serviceNetworkId())
                        .replace("SERVICES", cloud.layout().serviceSubnetId())
                        .replace("PODS", cloud.layout().podSubnetId())
                        .replace(' ', '+'));

        assertThat(reply.json().iterator().next()).hasSize(expected);
    }

    @Test
    void anAttributeThatIsNotKnownIsRefusedWith400() {
        var reply = cloud.neutron("GET", "ports?colour=red");

        assertNeutron(reply, 400, "HTTPBadRequest");
        assertThat(reply.errorText()).isEqualTo("['colour'] is invalid attribute for filtering");
    }

    @Test
    void pagesFollowEachOtherByMarker() {
        // Given
        var seen = new ArrayList<String>();
        var query = "ports?limit=1&fields=id&name=" + name;
        // When
        while (!query.isEmpty()) {
            var page = cloud.neutron("GET", query).json();
            seen.addAll(page.path("ports").findValuesAsText("id"));
            query = ContractCloud.items(page.path("ports_links")).stream()
                    .filter(each -> each.path("rel").asText().equals("next"))
                    .map(each -> each.path("href").asText().replaceAll("^.*/v2.0/", ""))
                    .findFirst()
                    .orElse("");
        }
        // Then
        assertThat(seen).hasSize(2).contains(port).doesNotHaveDuplicates();
    }

    @Test
    void aListWithoutALimitHasNoLinks() {
        assertThat(cloud.neutron("GET", "ports?name=" + name).json().has("ports_links"))
                .isFalse();
    }

    @Test
    void aLimitOf0IsNone() {
        assertThat(cloud.neutron("GET", "ports?limit=0&name=" + name).json().path("ports"))
                .hasSize(2);
    }

    @Test
    void aLimitThatIsNoNumberIsRefusedWith400() {
        var reply = cloud.neutron("GET", "ports?limit=many");

        assertNeutron(reply, 400, "BadRequest");
        assertThat(reply.errorText())
                .isEqualTo("Bad limit request: Limit must be an integer 0 or greater and not 'many'.");
    }

    @Test
    void aMarkerThatIsNotThereIsAnsweredWith404() {
        assertNeutron(cloud.neutron("GET", "ports?limit=1&marker=" + NOWHERE), 404, "PortNotFound");
    }

    @Test
    void tagsAreReplacedAddedAndTakenAway() {
        // Given
        var target = "ports/" + port + "/tags";
        var tag = ContractCloud.unique("t");
        // When
        var replaced = cloud.neutron("PUT", target, "{'tags': ['one', 'two']}");
        var added = cloud.neutron("PUT", target + "/" + tag);
        var taken = cloud.neutron("DELETE", target + "/one");
        // Then
        assertThat(replaced.status()).isEqualTo(200);
        assertThat(added.status()).isEqualTo(201);
        assertThat(taken.status()).isEqualTo(204);
        assertThat(ContractCloud.texts(cloud.neutron("GET", target).json().path("tags")))
                .containsExactlyInAnyOrder("two", tag);
        assertThat(cloud.neutron("GET", "ports?tags=two," + tag).json().path("ports"))
                .hasSize(1);
    }

    @Test
    void aTagThatIsNotThereIsAnsweredWith404EvenWhenItIsTakenAway() {
        var target = "ports/" + port + "/tags/none";

        assertNeutron(cloud.neutron("GET", target), 404, "TagNotFound");
        assertNeutron(cloud.neutron("DELETE", target), 404, "TagNotFound");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ports | PortNotFound | Port ID could not be found.",
                "networks | NetworkNotFound | Network ID could not be found.",
                "subnets | SubnetNotFound | Subnet ID could not be found.",
                "routers | RouterNotFound | Router ID could not be found",
                "floatingips | FloatingIPNotFound | Floating IP ID could not be found",
                "security-groups | SecurityGroupNotFound | Security group ID does not exist"
            })
    void whatIsNotThereIsAnsweredWith404AndItsType(String collection, String type, String text) {
        var reply = cloud.neutron("GET", collection + "/" + NOWHERE);

        assertNeutron(reply, 404, type);
        assertThat(reply.errorText()).isEqualTo(text.replace("ID", NOWHERE));
    }

    @Test
    void whatIsOfOthersIsAnsweredWith404() {
        // Given
        var admin = cloud.send(
                "admin",
                ModelRequest.of(OpenStackService.NEUTRON, "POST", "/v2.0/networks")
                        .withBody("{'network': {'name': 'theirs'}}"));
        // When, Then
        assertNeutron(cloud.neutron("GET", "networks/" + Cloud.created(admin, "network")), 404, "NetworkNotFound");
    }

    @Test
    void extensionsAreToldOneByOneAndTheRestIsA404OfAnotherShape() {
        // When
        var tags = cloud.neutron("GET", "extensions/standard-attr-tag");
        var none = cloud.neutron("GET", "extensions/lbaasv2");
        // Then
        assertThat(tags.json().at("/extension/alias").asText()).isEqualTo("standard-attr-tag");
        assertThat(none.status()).isEqualTo(404);
        assertThat(none.json().path("message").asText()).contains("Extension with alias lbaasv2 does not exist");
    }

    @Test
    void theExtensionsThatWeAskForAreThere() {
        var aliases =
                cloud.neutron("GET", "extensions").json().path("extensions").findValuesAsText("alias");

        assertThat(new HashSet<>(aliases))
                .contains(
                        "external-net",
                        "fip-port-details",
                        "quota_details",
                        "revision-if-match",
                        "router",
                        "security-group",
                        "standard-attr-description",
                        "standard-attr-tag");
    }

    @Test
    void aReplyHasTheIdOfItsRequest() {
        assertThat(cloud.neutron("GET", "ports?limit=1").headers().getOrDefault("x-openstack-request-id", ""))
                .startsWith("req-");
    }
}
