package io.ballast.testbed.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ballast.testbed.openstack.Cloud;
import io.ballast.testbed.openstack.ModelReply;
import io.ballast.testbed.openstack.Provider;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Load balancers made with all that is below them in one request. */
class NestedCreateContract extends Facts {
    private final Map<Provider, ModelReply> replies = new EnumMap<>(Provider.class);

    /** One listener, pool, monitor and two members; made once per provider. */
    private JsonNode made(Provider provider) {
        return replies.computeIfAbsent(
                        provider,
                        _ -> cloud.shared(() -> cloud.createLoadBalancer(
                                provider,
                                cloud.populated(provider, 80, "10.1.0.10", "10.1.0.11") + ", 'tags': ['b', 'a']")))
                .json()
                .path("loadbalancer");
    }

    private String id(Provider provider) {
        return made(provider).path("id").asText();
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void theReplyHoldsEveryChildWithItsId(Provider provider) {
        var made = made(provider);

        assertThat(replies.get(provider)).extracting(ModelReply::status).isEqualTo(201);
        assertThat(made.at("/listeners/0/id").asText()).isNotEmpty();
        assertThat(made.at("/pools/0/members/1/id").asText()).isNotEmpty();
        assertThat(made.at("/listeners/0/default_pool_id").asText())
                .isEqualTo(made.at("/pools/0/id").asText());
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void theReplyShowsEverythingAsPending(Provider provider) {
        assertThat(made(provider).findValuesAsText("provisioning_status")).containsOnly("PENDING_CREATE");
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void theVipAddressAndItsPortAreInTheReply(Provider provider) {
        assertThat(made(provider).path("vip_address").asText()).startsWith("10.2.");
        assertThat(made(provider).path("vip_port_id").asText()).isNotEmpty();
        assertThat(made(provider).path("vip_network_id").asText())
                .isEqualTo(cloud.layout().serviceNetworkId());
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void everyChildIsActiveOnceTheLoadBalancerIs(Provider provider) {
        var tree = cloud.octavia("GET", "loadbalancers/" + id(provider) + "/status")
                .json();

        assertThat(tree.findValuesAsText("provisioning_status")).hasSize(5).containsOnly("ACTIVE");
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void theStatusTreeHasPoolsAndMembersUnderTheirListenerOnly(Provider provider) {
        var tree = cloud.octavia("GET", "loadbalancers/" + id(provider) + "/status")
                .json()
                .at("/statuses/loadbalancer");

        assertThat(tree.at("/listeners/0/pools/0/members").findValuesAsText("address"))
                .containsExactlyInAnyOrder("10.1.0.10", "10.1.0.11");
        assertThat(tree.has("pools")).isFalse();
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void aGetShowsChildrenAsBareIds(Provider provider) {
        var shown = cloud.loadBalancer(id(provider));

        assertThat(shown.at("/listeners/0")).hasSize(1);
        assertThat(shown.at("/pools/0")).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void tagsAreShownWhateverTheirOrder(Provider provider) {
        assertThat(ContractCloud.texts(cloud.loadBalancer(id(provider)).path("tags")))
                .containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void amphoraAnswersBeforeItIsDoneAndOvnAfterwards() {
        // Given
        cloud.prefer("workersStopped", true);
        var amphora = Cloud.created(cloud.createLoadBalancer(Provider.AMPHORA, ""), "loadbalancer");
        var ovn = Cloud.created(cloud.createLoadBalancer(Provider.OVN, ""), "loadbalancer");
        // When, Then
        assertThat(cloud.status("loadbalancers/" + amphora)).isEqualTo("PENDING_CREATE");
        assertThat(cloud.status("loadbalancers/" + ovn)).isEqualTo("ACTIVE");
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void aNestedMonitorIsNotInTheReplyAndBelongsToItsPool(Provider provider) {
        // When
        var reply = cloud.createLoadBalancer(
                provider,
                ", 'pools': [{'name': 'p', 'protocol': 'TCP', 'lb_algorithm': '%s', 'healthmonitor': {'type': 'TCP', 'delay': 5, 'timeout': 3, 'max_retries': 3}}]"
                        .formatted(Cloud.algorithm(provider)));
        // Then
        var pool = reply.json().at("/loadbalancer/pools/0");
        assertThat(pool.path("healthmonitor").isNull()).isTrue();
        assertThat(cloud.octavia("GET", "pools/" + pool.path("id").asText())
                        .json()
                        .path("pool")
                        .has("healthmonitor_id"))
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void twoListenersMayNameOnePool(Provider provider) {
        // When
        var reply = cloud.createLoadBalancer(
                provider,
                (", 'listeners': [{'protocol': 'TCP', 'protocol_port': 80, 'default_pool': {'name': 'p'}},"
                                + " {'protocol': 'TCP', 'protocol_port': 81, 'default_pool': {'name': 'p'}}],"
                                + " 'pools': [{'name': 'p', 'protocol': 'TCP', 'lb_algorithm': '%s'}]")
                        .formatted(Cloud.algorithm(provider)));
        // Then
        assertThat(reply.json().path("loadbalancer").findValuesAsText("default_pool_id"))
                .hasSize(2)
                .containsOnly(reply.json().at("/loadbalancer/pools/0/id").asText());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'protocol': 'TCP', 'lb_algorithm': 'ROUND_ROBIN'} | Pools must be named",
                "{'name': 'p'} | referenced but no full definition",
                "{'name': 'p', 'protocol': 'TCP'} | missing required attribute: lb_algorithm",
                "{'name': 'p', 'protocol': 'UDP', 'lb_algorithm': 'ROUND_ROBIN'} | The pool protocol 'UDP' is invalid"
            })
    void poolsThatMakeNoSenseAreRefusedWith400(String pool, String text) {
        // When
        var vip = ContractCloud.freeVip();
        var reply = refusedCreate(
                Provider.AMPHORA,
                vip,
                ", 'listeners': [{'protocol': 'TCP', 'protocol_port': 80, 'default_pool': " + pool + "}]");
        // Then
        assertThat(reply.status()).as(reply.errorText()).isEqualTo(400);
        assertThat(reply.errorText()).contains(text);
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void twoListenersOnOnePortAreRefusedWith409(Provider provider) {
        // When
        var reply = refusedCreate(
                provider,
                ContractCloud.freeVip(),
                ", 'listeners': [{'protocol': 'TCP', 'protocol_port': 80}, {'protocol': 'TCP', 'protocol_port': 80}]");
        // Then
        assertRefused(
                reply,
                409,
                "Another Listener on this Load Balancer is already using protocol TCP and protocol_port 80");
    }

    @Test
    void ovnLeavesTheVipPortOfARefusedCreateSoThatTheAddressIsTaken() {
        // Given
        var vip = ContractCloud.freeVip();
        var pool = ", 'pools': [{'name': 'p', 'protocol': 'TCP', 'lb_algorithm': 'ROUND_ROBIN'}]";
        // When
        var refused = refusedCreate(Provider.OVN, vip, pool);
        var repeated = cloud.createLoadBalancer(Provider.AMPHORA, ", 'vip_address': '" + vip + "'" + pool);
        // Then
        assertThat(refused.status()).isEqualTo(501);
        assertThat(repeated.status()).isEqualTo(500);
        assertThat(repeated.errorText()).contains("IP address " + vip + " already allocated");
    }

    @Test
    void amphoraTakesANestedPoolWithTheAlgorithmThatItRefusesElsewhere() {
        // When
        var reply = cloud.createLoadBalancer(
                Provider.AMPHORA, ", 'pools': [{'name': 'p', 'protocol': 'TCP', 'lb_algorithm': 'SOURCE_IP_PORT'}]");
        cloud.settle();
        // Then
        assertThat(reply.status()).isEqualTo(201);
        assertThat(cloud.status("loadbalancers/" + Cloud.created(reply, "loadbalancer")))
                .isEqualTo("ACTIVE");
    }

    @ParameterizedTest
    @CsvSource({"AMPHORA,PENDING_CREATE", "OVN,ACTIVE"})
    void aNestedPoolThatNoListenerUsesStaysPendingOnAmphora(Provider provider, String status) {
        // Given
        var reply = cloud.createLoadBalancer(
                provider,
                ", 'pools': [{'name': 'p', 'protocol': 'TCP', 'lb_algorithm': '%s'}]"
                        .formatted(Cloud.algorithm(provider)));
        // When
        cloud.settle();
        // Then
        assertThat(cloud.status(
                        "pools/" + reply.json().at("/loadbalancer/pools/0/id").asText()))
                .isEqualTo(status);
    }

    /** A create that is refused; the port that it may leave is deleted after the test. */
    private ModelReply refusedCreate(Provider provider, String vip, String more) {
        var reply = cloud.createLoadBalancer(provider, ", 'vip_address': '" + vip + "'" + more);
        cloud.neutron("GET", "ports?fixed_ips=ip_address%3D" + vip)
                .json()
                .path("ports")
                .findValuesAsText("id")
                .forEach(port -> cloud.remember("ports", port));
        return reply;
    }
}
