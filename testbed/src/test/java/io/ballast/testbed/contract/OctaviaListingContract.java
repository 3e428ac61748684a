package io.ballast.testbed.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ballast.testbed.openstack.Cloud;
import io.ballast.testbed.openstack.ModelReply;
import io.ballast.testbed.openstack.Provider;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Octavia's lists: filters, tags, pages and chosen fields. */
class OctaviaListingContract extends Facts {
    private static final String NOWHERE = "4b6d7a6e-0000-4000-8000-000000000000";

    /** A word that is in the names and descriptions, and with x or y behind it in the tags, of our three. */
    private final String mark = ContractCloud.unique("m");

    private final String vip = ContractCloud.freeVip();
    private String first = "";

    @BeforeAll
    void createThree() {
        cloud.shared(() -> {
            create("a", "'MARK-x','MARK-y'", "");
            create("b", "'MARK-y'", "");
            return create("c", "", ", 'vip_address': '" + vip + "'");
        });
        first = list("name=" + mark + "a").at("/loadbalancers/0/id").asText();
    }

    private ModelReply create(String name, String tags, String more) {
        return cloud.octavia(
                "POST",
                "loadbalancers",
                "{'loadbalancer': {'name': 'MARK%s', 'description': 'MARK', 'provider': 'ovn', 'tags': [%s], 'vip_subnet_id': '%s'%s}}"
                        .formatted(name, tags, cloud.layout().serviceSubnetId(), more)
                        .replace("MARK", mark));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name=MARKb | b",
                "tags=MARK-y | a,b",
                "tags=MARK-x,MARK-y | a",
                "tags=MARK-x&tags=MARK-y | a",
                "tags-any=MARK-x,MARK-z | a",
                "tags-any=MARK-x&tags-any=MARK-y | a,b",
                "not-tags=MARK-x,MARK-y&description=MARK | b,c",
                "not-tags-any=MARK-x,MARK-y&description=MARK | c",
                "description=MARK&provider=ovn | a,b,c",
                "description=MARK&provider=amphora | ''",
                "description=MARK&provisioning_status=ACTIVE | a,b,c",
                "description=MARK&provisioning_status=ERROR | ''",
                "description=MARK&admin_state_up=true | a,b,c",
                "description=MARK&vip_address=VIP | c",
                "description=MARK&project_id=PROJECT | a,b,c",
                "name=MARK | ''",
                "name= | ''"
            })
    void loadBalancersAreFilteredByWhatTheyShow(String query, String expected) {
        var found = list(query.replace("MARK", mark).replace("VIP", vip).replace("PROJECT", cloud.projectId()))
                .path("loadbalancers")
                .findValuesAsText("name")
                .stream()
                .map(name -> name.replace(mark, ""))
                .sorted()
                .toList();

        assertThat(String.join(",", found)).isEqualTo(expected);
    }

    @Test
    void anAttributeThatIsNotKnownIsRefusedWith400() {
        assertRefused(
                cloud.octavia("GET", "loadbalancers?colour=red"),
                400,
                "One or more arguments are either duplicate or invalid");
    }

    @Test
    void aFilterGivenTwiceIsAnsweredWith500() {
        var reply = cloud.octavia("GET", "loadbalancers?name=a&name=b");

        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.errorText()).contains("Illegal parameter data types");
    }

    @ParameterizedTest
    @CsvSource({
        "listeners?loadbalancer_id=,200",
        "listeners?load_balancer_id=4b6d7a6e-0000-4000-8000-000000000000&loadbalancer_id=,200",
        "listeners?load_balancer_id=,200",
        "pools?loadbalancer_id=,200",
        "healthmonitors?pool_id=,200",
        "pools?listener_id=,400",
        "healthmonitors?loadbalancer_id=,400",
        "loadbalancers?loadbalancer_id=,400"
    })
    void childrenAreFilteredByTheirParentButPoolsNotByTheirListener(String target, int status) {
        assertThat(cloud.octavia("GET", target + NOWHERE).status()).isEqualTo(status);
    }

    @Test
    void listenersAndPoolsOfOneLoadBalancerAreFoundByIt() {
        // Given
        Cloud.created(cloud.createListener(first, "TCP", 80, ""), "listener");
        var pool = cloud.activePool(Provider.OVN, first);
        // When
        var listeners =
                cloud.octavia("GET", "listeners?loadbalancer_id=" + first).json();
        var pools = cloud.octavia("GET", "pools?loadbalancer_id=" + first).json();
        // Then
        assertThat(listeners.at("/listeners/0/loadbalancers/0/id").asText()).isEqualTo(first);
        assertThat(pools.path("pools").findValuesAsText("id")).contains(pool);
    }

    @Test
    void onlyTheFieldsAskedForAreShown() {
        var shown = list("fields=id&fields=name&name=" + mark + "a").at("/loadbalancers/0");

        assertThat(shown.size()).isEqualTo(2);
        assertThat(shown.path("id").asText()).isEqualTo(first);
    }

    @Test
    void fieldsCanBeChosenOfOneAsWell() {
        var shown = cloud.octavia("GET", "loadbalancers/" + first + "?fields=vip_address")
                .json()
                .path("loadbalancer");

        assertThat(shown.size()).isEqualTo(1);
    }

    @Test
    void aPageLinksToTheNextUntilThereIsNone() {
        // Given
        var names = new ArrayList<String>();
        var query = "loadbalancers?limit=2&description=" + mark;
        // When
        while (!query.isEmpty()) {
            var page = cloud.octavia("GET", query).json();
            names.addAll(page.path("loadbalancers").findValuesAsText("name"));
            var next = next(page);
            query = next.isEmpty() ? "" : next.substring(next.indexOf("loadbalancers"));
        }
        // Then
        assertThat(names).containsExactlyInAnyOrder(mark + "a", mark + "b", mark + "c");
    }

    @Test
    void aListWithoutLimitHasNoLinks() {
        assertThat(list("description=" + mark).path("loadbalancers_links")).isEmpty();
    }

    @Test
    void namesCanBeSorted() {
        assertThat(list("sort=name:desc&description=" + mark)
                        .path("loadbalancers")
                        .findValuesAsText("name"))
                .containsExactly(mark + "c", mark + "b", mark + "a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nope", NOWHERE})
    void aMarkerThatIsNotThereIsRefusedWith400(String marker) {
        assertRefused(
                cloud.octavia("GET", "loadbalancers?marker=" + marker),
                400,
                "Supplied pagination marker '" + marker + "' is not valid.");
    }

    @Test
    void aLimitThatIsNoNumberIsRefusedWith400InAnotherShape() {
        var reply = cloud.octavia("GET", "loadbalancers?limit=many");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().path("description").asText())
                .isEqualTo("Supplied pagination limit 'many' is not valid.");
    }

    @Test
    void aLimitOf0IsAnsweredWith500() {
        assertThat(cloud.octavia("GET", "loadbalancers?limit=0").status()).isEqualTo(500);
    }

    @ParameterizedTest
    @CsvSource({"loadbalancers/,Load Balancer", "listeners/,Listener", "pools/,Pool", "healthmonitors/,Health Monitor"})
    void whatIsNotThereIsAnsweredWith404AndItsKind(String target, String kind) {
        assertRefused(cloud.octavia("GET", target + NOWHERE), 404, kind + " " + NOWHERE + " not found.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/members", "/members/" + NOWHERE})
    void membersOfAPoolThatIsNotThereAreAnsweredWith404InAnotherShape(String more) {
        var reply = cloud.octavia("GET", "pools/" + NOWHERE + more);

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.json().path("description").asText()).isEqualTo("Pool " + NOWHERE + " not found.");
        assertThat(reply.json().path("title").asText()).isEqualTo("Bad Request");
    }

    @Test
    void aFaultIsAFaultcodeATextAndNothingElse() {
        var reply = cloud.octavia("GET", "loadbalancers/" + NOWHERE).json();

        assertThat(reply.path("faultcode").asText()).isEqualTo("Client");
        assertThat(reply.path("debuginfo").isNull()).isTrue();
        assertThat(reply.size()).isEqualTo(3);
    }

    @Test
    void aReplyHasTheIdOfItsRequest() {
        assertThat(cloud.octavia("GET", "loadbalancers?limit=1").headers().getOrDefault("x-openstack-request-id", ""))
                .startsWith("req-");
    }

    private JsonNode list(String query) {
        return cloud.octavia("GET", "loadbalancers?" + query).json();
    }

    private static String next(JsonNode page) {
        List<JsonNode> links = ContractCloud.items(page.path("loadbalancers_links"));
        return links.stream()
                .filter(each -> each.path("rel").asText().equals("next"))
                .map(each -> each.path("href").asText())
                .findFirst()
                .orElse("");
    }
}
