package io.ballast.testbed.octavia;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ballast.octavia.kafka.OctaviaSettings;
import io.ballast.octavia.loadbalancer.PodAccess;
import io.ballast.octavia.loadbalancer.Policy;
import io.ballast.schemas.Topics;
import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.GrantedVip;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.testbed.openstack.Call;
import io.ballast.testbed.openstack.Faults;
import io.ballast.testbed.openstack.ModelRequest;
import io.ballast.testbed.openstack.OpenStackModel;
import io.ballast.testbed.openstack.OpenStackService;
import io.ballast.testbed.openstack.Provider;
import io.ballast.testbed.openstack.Timing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** octavia-service over the OpenStack model: which security groups it opens, and which it leaves alone. */
class PodAccessOnModelTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final String KEY = "demo/shop/web";
    private static final Duration A_MINUTE = Duration.ofMinutes(1);
    private static final Duration A_ROUND = Duration.ofMinutes(11);
    private static final String GROUP = "pods"; // without the rules that the group of the layout is made with
    private static final String DESCRIPTION = "ballast:pod-access:demo";

    private OpenStackModel cloud = new OpenStackModel(OpenStackModel.Settings.of(Timing.measured()), START);
    private String groupId = "";
    private final OctaviaSettings settings =
            new OctaviaSettings(Policy.DEFAULT, 1, 4, 16, Duration.ofMinutes(10), Duration.ofMinutes(5));

    @Test
    void opensThePodsGroupToTheServiceSubnetOnceAndForAll() {
        // Given
        var octavia = octavia(List.of(GROUP), List.of("k8s-service-subnet"), true);

        // When
        octavia.run(A_MINUTE);

        // Then
        assertThat(rules())
                .containsExactlyInAnyOrder(
                        "IPv4 tcp 10.2.0.0/16 " + DESCRIPTION,
                        "IPv4 udp 10.2.0.0/16 " + DESCRIPTION,
                        "IPv4 sctp 10.2.0.0/16 " + DESCRIPTION);
        long writes = neutronWrites();
        octavia.restart();
        octavia.run(Duration.ofMinutes(31));
        assertThat(neutronWrites()).isEqualTo(writes);
        assertThat(octavia.standing.findings()).isEmpty();
    }

    @Test
    void namesAGroupThatIsNotThereServesTheRestAndGoesOnWhenItIsMade() {
        // Given
        var octavia = octavia(List.of("k8s-missing", GROUP), List.of("k8s-service-subnet"), true);

        // When
        serve(octavia, "");
        octavia.run(A_MINUTE);

        // Then
        assertThat(octavia.standing.findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding).contains("no security group 'k8s-missing'", "mend"));
        assertThat(rules()).hasSize(3);
        assertThat(octavia.status(KEY).orElseThrow().phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
        var made = send("POST", "security-groups", "{'security_group': {'name': 'k8s-missing'}}", octavia);
        octavia.run(A_ROUND);
        assertThat(octavia.standing.findings()).isEmpty();
        assertThat(rules(made.at("/security_group/id").asText())).hasSize(3);
    }

    @Test
    void withdrawsItsOwnRulesWhenConfigurationChangesAndNeverOthers() {
        // Given
        var octavia = octavia(List.of(GROUP), List.of("k8s-service-subnet"), true);
        octavia.run(A_MINUTE);
        rule("{'protocol': 'tcp', 'remote_ip_prefix': '192.0.2.0/24'}", octavia);
        rule("{'protocol': '17', 'remote_ip_prefix': '10.0.0.0/8'}", octavia);

        // When
        octavia.podAccess = List.of(new PodAccess("demo", List.of(GROUP), List.of("k8s-pod-subnet"), true));
        octavia.restart();
        octavia.run(A_MINUTE);

        // Then
        assertThat(rules())
                .containsExactlyInAnyOrder(
                        "IPv4 tcp 192.0.2.0/24 ",
                        "IPv4 17 10.0.0.0/8 ",
                        "IPv4 tcp 10.1.0.0/16 " + DESCRIPTION,
                        "IPv4 sctp 10.1.0.0/16 " + DESCRIPTION);
    }

    @Test
    void putsBackARuleThatSomebodyTookAway() {
        // Given
        var octavia = octavia(List.of(GROUP), List.of("k8s-service-subnet"), true);
        octavia.run(A_MINUTE);
        var some = list("security-group-rules?description=" + DESCRIPTION)
                .get(0)
                .path("id")
                .asText();
        send("DELETE", "security-group-rules/" + some, "", octavia);

        // When
        octavia.run(A_ROUND);

        // Then
        assertThat(rules()).hasSize(3);
    }

    @Test
    void saysWhatNeutronRefusesAndGoesOnWhenItDoesNotAnyMore() {
        // Given
        cloud.setFaults(Faults.none().withQuota("security_group_rule", 0), START);
        var octavia = octavia(List.of(GROUP), List.of("k8s-service-subnet"), true);

        // When
        octavia.run(A_MINUTE);

        // Then
        assertThat(octavia.standing.findings())
                .hasSize(3)
                .allSatisfy(finding ->
                        assertThat(finding).contains("security group " + GROUP, "from 10.2.0.0/16", "Quota exceeded"));
        cloud.setFaults(Faults.none(), octavia.now);
        octavia.run(A_ROUND);
        assertThat(octavia.standing.findings()).isEmpty();
        assertThat(rules()).hasSize(3);
    }

    @Test
    void takesTheGroupsOffVipPortsOfOvnWhereTheyAreNotEnforced() {
        // Given
        cloud = new OpenStackModel(
                OpenStackModel.Settings.of(Timing.measured()).withDefaultProvider(Provider.OVN), START);
        var octavia = octavia(List.of(), List.of(), false);
        serve(octavia, "ovn");
        octavia.run(A_MINUTE);
        clothe(octavia);

        // When
        octavia.run(A_ROUND);

        // Then
        assertThat(list("ports?id=" + portOf(octavia)).get(0).path("security_groups"))
                .isEmpty();
    }

    @Test
    void leavesVipPortsOfAmphoraeToOctavia() {
        // Given
        var octavia = octavia(List.of(), List.of(), false);
        serve(octavia, "amphora");
        octavia.run(A_MINUTE);
        clothe(octavia);
        long writes = neutronWrites();

        // When
        octavia.run(A_ROUND);

        // Then
        assertThat(list("ports?id=" + portOf(octavia)).get(0).path("security_groups"))
                .hasSize(1);
        assertThat(neutronWrites()).isEqualTo(writes);
    }

    private Harness octavia(List<String> groups, List<String> sources, boolean enforced) {
        var octavia = new Harness(cloud, settings, List.of(new PodAccess("demo", groups, sources, enforced)), START);
        groupId = send("POST", "security-groups", "{'security_group': {'name': '%s'}}".formatted(GROUP), octavia)
                .at("/security_group/id")
                .asText();
        octavia.open();
        return octavia;
    }

    private void serve(Harness octavia, String provider) {
        octavia.put(
                Topics.ADDRESS_ALLOCATIONS,
                KEY,
                new AddressAllocation(
                        AllocationState.GRANTED,
                        "cluster-1",
                        "uid-1",
                        1,
                        1,
                        provider,
                        List.of(new GrantedVip(
                                IpFamily.IPV4, "10.2.0.5", cloud.seeded().serviceSubnetId(), "")),
                        1,
                        List.of(),
                        List.of(),
                        null,
                        "",
                        0L));
        octavia.put(
                Topics.DESIRED_LOAD_BALANCERS,
                KEY,
                new DesiredSample().provider(provider).at(1));
    }

    private String portOf(Harness octavia) {
        return octavia.status(KEY)
                .orElseThrow()
                .loadBalancers()
                .getFirst()
                .vips()
                .getFirst()
                .portId();
    }

    private void clothe(Harness octavia) {
        send("PUT", "ports/" + portOf(octavia), "{'port': {'security_groups': ['%s']}}".formatted(groupId), octavia);
    }

    private List<String> rules() {
        return rules(groupId);
    }

    private List<String> rules(String group) {
        var rules = new ArrayList<String>();
        list("security-group-rules?direction=ingress&security_group_id=" + group)
                .forEach(rule -> rules.add("%s %s %s %s"
                        .formatted(
                                rule.path("ethertype").asText(),
                                rule.path("protocol").asText(),
                                rule.path("remote_ip_prefix").asText(),
                                rule.path("description").asText())));
        return rules;
    }

    private void rule(String fields, Harness octavia) {
        send(
                "POST",
                "security-group-rules",
                "{'security_group_rule': {'security_group_id': '%s', 'direction': 'ingress', %s}"
                        .formatted(groupId, fields.substring(1)),
                octavia);
    }

    private JsonNode list(String target) {
        var request = ModelRequest.of(OpenStackService.NEUTRON, "GET", "/v2.0/" + target)
                .withToken(cloud.tokenFor("k8s", "k8s", START));
        return cloud.handle(request, START).json().iterator().next();
    }

    private JsonNode send(String method, String target, String body, Harness octavia) {
        var request = ModelRequest.of(OpenStackService.NEUTRON, method, "/v2.0/" + target)
                .withToken(cloud.tokenFor("k8s", "k8s", octavia.now));
        var reply = cloud.handle(body.isEmpty() ? request : request.withBody(body), octavia.now);
        assertThat(reply.status()).as(reply.errorText()).isLessThan(300);
        return reply.json();
    }

    private long neutronWrites() {
        return cloud.calls().all().stream()
                .filter(call -> call.service() == OpenStackService.NEUTRON)
                .filter(Call::isEffectiveWrite)
                .count();
    }
}
