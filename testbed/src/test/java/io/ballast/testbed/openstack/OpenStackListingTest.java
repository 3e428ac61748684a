package io.ballast.testbed.openstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Filters, pages and chosen fields of lists. */
class OpenStackListingTest {
    private final ModelCloud cloud = ModelCloud.with(OpenStackModel.Settings.of(Timing.zero()));

    @BeforeEach
    void createThreeLoadBalancers() {
        create("a", "amphora", "'x','y'", "10.2.0.1");
        create("b", "ovn", "'y'", "10.2.0.2");
        create("c", "ovn", "", "10.2.0.3");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name=b | b",
                "name=b&name=c | b,c",
                "tags=y | a,b",
                "tags=x,y | a",
                "tags=x&tags=y | a",
                "tags-any=x,z | a",
                "tags-any=x&tags-any=y | a,b",
                "not-tags=x,y | b,c",
                "not-tags-any=x,y | c",
                "provider=ovn | b,c",
                "vip_address=10.2.0.3 | c",
                "provisioning_status=ACTIVE | a,b,c",
                "provisioning_status=ERROR | ''",
                "admin_state_up=true | a,b,c",
                "description=text-a | a",
                "provider=ovn&tags=y | b",
                "project_id=nobody | ''"
            })
    void filtersLoadBalancers(String query, String expected) {
        // When
        var found = cloud.octavia("GET", "loadbalancers?" + query)
                .json()
                .path("loadbalancers")
                .findValuesAsText("name");
        // Then
        assertThat(String.join(",", found)).isEqualTo(expected);
    }

    @Test
    void filtersByRepeatedIds() {
        // Given
        var ids = cloud.octavia("GET", "loadbalancers?fields=id")
                .json()
                .path("loadbalancers")
                .findValuesAsText("id");
        // When
        var found = cloud.octavia("GET", "loadbalancers?id=" + ids.get(0) + "&id=" + ids.get(2))
                .json();
        // Then
        assertThat(found.path("loadbalancers").findValuesAsText("name")).containsExactly("a", "c");
    }

    @Test
    void filtersChildrenByTheirLoadBalancer() {
        // Given
        var ids = cloud.octavia("GET", "loadbalancers?fields=id")
                .json()
                .path("loadbalancers")
                .findValuesAsText("id");
        Cloud.created(cloud.createListener(ids.get(0), "TCP", 80, ""), "listener");
        var listener = Cloud.created(cloud.createListener(ids.get(1), "TCP", 80, ""), "listener");
        var pool = Cloud.created(
                cloud.octavia(
                        "POST",
                        "pools",
                        "{'pool': {'listener_id': '" + listener
                                + "', 'protocol': 'TCP', 'lb_algorithm': 'SOURCE_IP_PORT'}}"),
                "pool");
        // When
        var listeners =
                cloud.octavia("GET", "listeners?loadbalancer_id=" + ids.get(1)).json();
        var pools = cloud.octavia("GET", "pools?listener_id=" + listener).json();
        var none = cloud.octavia("GET", "pools?loadbalancer_id=" + ids.get(0)).json();
        // Then
        assertThat(listeners.path("listeners").findValuesAsText("default_pool_id"))
                .containsExactly(pool);
        assertThat(pools.path("pools")).hasSize(1);
        assertThat(none.path("pools")).isEmpty();
    }

    @Test
    void showsOnlyTheFieldsAskedFor() {
        // When
        var found = cloud.octavia("GET", "loadbalancers?fields=id&fields=name")
                .json()
                .at("/loadbalancers/0");
        // Then
        assertThat(Json.fieldNames(found)).containsExactlyInAnyOrder("id", "name");
    }

    @Test
    void pagesByMarkerUntilThereIsNoNextLink() {
        // Given
        var names = new ArrayList<String>();
        var query = "loadbalancers?limit=2";
        // When
        while (!query.isEmpty()) {
            var page = cloud.octavia("GET", query).json();
            names.addAll(page.path("loadbalancers").findValuesAsText("name"));
            var next = page.at("/loadbalancers_links/0/href").asText();
            query = next.isEmpty() ? "" : next.substring(next.indexOf("loadbalancers"));
        }
        // Then
        assertThat(names).containsExactly("a", "b", "c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"marker=nope", "limit=many"})
    void refusesAMarkerOrLimitThatMeansNothing(String query) {
        // When
        var reply = cloud.octavia("GET", "loadbalancers?" + query);
        // Then
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.errorText()).startsWith("Supplied pagination ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ports?fixed_ips=ip_address%3D10.2.0.2 | 1",
                "ports?fixed_ips=ip_address%3D10.2.0.2&fixed_ips=subnet_id%3DSERVICES | 1",
                "ports?fixed_ips=ip_address%3D10.2.0.2&fixed_ips=subnet_id%3DPODS | 0",
                "ports?device_owner=Octavia | 2",
                "ports?device_owner=Octavia&device_owner=network:router_interface | 4",
                "networks?router:external=True | 1",
                "networks?router%3Aexternal=true&name=public | 1",
                "networks?name=nothing | 0",
                "subnets?cidr=10.2.0.0/16 | 1",
                "security-groups?name=k8s-pod-access | 1"
            })
    void filtersNeutronsResources(String target, int expected) {
        // When
        var reply = cloud.neutron(
                "GET",
                target.replace("SERVICES", cloud.layout().serviceSubnetId())
                        .replace("PODS", cloud.layout().podSubnetId()));
        // Then
        assertThat(reply.json().iterator().next()).hasSize(expected);
    }

    @Test
    void refusesAFilterThatNeutronDoesNotKnow() {
        // When
        var reply = cloud.neutron("GET", "ports?colour=red");
        // Then
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.errorText()).contains("colour");
    }

    @Test
    void pagesNeutronsPorts() {
        // When
        var first = cloud.neutron("GET", "ports?limit=3").json();
        var marker = first.path("ports").findValuesAsText("id").getLast();
        var second = cloud.neutron("GET", "ports?limit=300&marker=" + marker).json();
        // Then
        assertThat(first.at("/ports_links/0/href").asText()).contains("limit=3").endsWith("marker=" + marker);
        assertThat(first.path("ports").size() + second.path("ports").size())
                .isEqualTo(cloud.neutron("GET", "ports").json().path("ports").size());
        assertThat(second.has("ports_links")).isFalse();
    }

    @Test
    void tagsNeutronsResources() {
        // Given
        var target = "networks/" + cloud.layout().podNetworkId() + "/tags";
        // When
        cloud.neutron("PUT", target, "{'tags': ['one', 'two']}");
        cloud.neutron("PUT", target + "/three");
        cloud.neutron("DELETE", target + "/one");
        // Then
        assertThat(Json.texts(cloud.neutron("GET", target).json().path("tags"))).isEqualTo(List.of("two", "three"));
        assertThat(cloud.neutron("GET", "networks?tags=two,three").json().path("networks"))
                .hasSize(1);
        assertThat(cloud.neutron("GET", target + "/one").status()).isEqualTo(404);
    }

    @Test
    void showsNeutronsQuotasWithUse() {
        // When
        var project = cloud.layout().projectId();
        var limits = cloud.neutron("GET", "quotas/" + project).json();
        var details =
                cloud.neutron("GET", "quotas/" + project + "/details.json").json();
        // Then
        assertThat(limits.at("/quota/floatingip").asInt()).isEqualTo(-1);
        assertThat(details.at("/quota/router/used").asInt()).isEqualTo(1);
        assertThat(cloud.neutron("GET", "extensions/standard-attr-tag").status())
                .isEqualTo(200);
        assertThat(cloud.neutron("GET", "extensions/tag_creation").status()).isEqualTo(404);
    }

    @Test
    void doesNotShowNetworksOfOthers() {
        // Given
        var admin = cloud.send(
                "admin",
                ModelRequest.of(OpenStackService.NEUTRON, "POST", "/v2.0/networks")
                        .withBody("{'network': {'name': 'theirs'}}"));
        // When
        var reply = cloud.neutron(
                "GET", "networks/" + admin.json().at("/network/id").asText());
        // Then
        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.json().at("/NeutronError/type").asText()).isEqualTo("NetworkNotFound");
    }

    private void create(String name, String provider, String tags, String address) {
        var reply = cloud.octavia(
                "POST",
                "loadbalancers",
                "{'loadbalancer': {'name': '%s', 'description': 'text-%s', 'provider': '%s', 'tags': [%s], 'vip_address': '%s', 'vip_subnet_id': '%s'}}"
                        .formatted(
                                name,
                                name,
                                provider,
                                tags,
                                address,
                                cloud.layout().serviceSubnetId()));
        assertThat(reply.status()).as(reply.errorText()).isEqualTo(201);
    }
}
