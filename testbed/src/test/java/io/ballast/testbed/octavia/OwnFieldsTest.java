package io.ballast.testbed.octavia;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ballast.octavia.loadbalancer.MemberWeights;
import io.ballast.octavia.loadbalancer.Policy;
import io.ballast.schemas.contract.DesiredMember;
import io.ballast.schemas.contract.LoadBalancerPhase;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fields we own are as desired again within a resync period; what others own is left as it is. */
class OwnFieldsTest {
    private final Stage stage = new Stage("amphora");

    @ParameterizedTest
    @CsvSource({
        "loadbalancers, loadbalancer, admin_state_up, false",
        "loadbalancers, loadbalancer, name, by-hand",
        "listeners, listener, admin_state_up, false",
        "listeners, listener, connection_limit, 5",
        "listeners, listener, timeout_client_data, 5",
        "listeners, listener, timeout_member_connect, 5",
        "listeners, listener, timeout_member_data, 5",
        "listeners, listener, timeout_tcp_inspect, 5",
        "listeners, listener, name, by-hand",
        "pools, pool, admin_state_up, false",
        "pools, pool, lb_algorithm, SOURCE_IP",
        "pools, pool, name, by-hand",
        "members, member, admin_state_up, false",
        "members, member, weight, 9",
        "members, member, backup, true",
        "members, member, monitor_port, 9",
        "members, member, monitor_address, 10.9.9.9",
        "members, member, name, by-hand",
    })
    void restoresWhatSomebodyChanged(String collection, String kind, String field, String value) {
        // Given
        make();
        var path = collection.equals("members") ? membersPath() : collection;
        var before = stage.only(path, collection);

        // When
        change(path + "/" + before.path("id").asText(), kind, field, value);
        assertThat(stage.only(path, collection).path(field)).isNotEqualTo(before.path(field));
        stage.octavia.run(Stage.RESYNC.plus(Stage.SOON));

        // Then
        assertThat(stage.only(path, collection).path(field)).isEqualTo(before.path(field));
        assertThat(stage.status(1).phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
        assertThat(stage.writes()).isEqualTo(2); // theirs and ours
    }

    @Test
    void takesAwayATagThatIsDesiredNoMoreAndLeavesThoseOfOthers() {
        // Given
        var listeners = List.of(Stage.listener(80));
        var pools = List.of(stage.pool(80, Stage.members(1, 3)));
        stage.make(1, stage.of(1, 1, listeners, pools, List.of("team-a", "team-b")));
        assertThat(stage.status(1).loadBalancers().getFirst().tags()).containsExactly("team-a", "team-b");
        addTag("by-hand");
        stage.octavia.run(Stage.RESYNC.plus(Stage.SOON));
        assertThat(tags()).contains("by-hand", "team-a");

        // When
        stage.want(1, stage.of(1, 2, listeners, pools, List.of("team-b")));

        // Then
        assertThat(tags()).contains("by-hand", "team-b", "ballast").doesNotContain("team-a");
        assertThat(stage.status(1).loadBalancers().getFirst().tags()).containsExactly("team-b");
    }

    @Test
    void takesAwayATagThatWasConfiguredWhenItStartsWithoutIt() {
        // Given
        var tagged = new Stage("amphora", Policy.DEFAULT.withTags(List.of("cloud-k8s")));
        tagged.make(1, tagged.of(1, 1, List.of(80), Stage.members(1, 3)));
        assertThat(tagsOf(tagged)).contains("cloud-k8s");
        tagged.count();

        // When
        tagged.octavia.restart(Policy.DEFAULT);
        tagged.octavia.run(Stage.SOON);

        // Then
        assertThat(tagsOf(tagged)).contains("ballast").doesNotContain("cloud-k8s");
        assertThat(tagged.writes()).isEqualTo(1);
    }

    @Test
    void respectsWeightsThatSomebodySetWhereThatIsConfiguredAndStillDrains() {
        // Given
        var respecting = new Stage("amphora", Policy.DEFAULT.with(MemberWeights.RESPECT));
        var address = "10.1.0.1";
        respecting.make(1, respecting.of(1, 1, List.of(80), weighing(address, 1)));
        var path = membersPath(respecting);
        var member = respecting.only(path, "members");
        respecting.send("PUT", path + "/" + member.path("id").asText(), body("member", "weight", "9"));

        // When
        respecting.octavia.run(Stage.RESYNC.plus(Stage.SOON));
        respecting.want(1, respecting.of(1, 2, List.of(80), more(weighing(address, 1))));

        // Then it stays, also through a batch
        assertThat(respecting.only(path, "members").path("weight").asInt()).isEqualTo(9);

        // When it drains, and comes back
        respecting.want(1, respecting.of(1, 3, List.of(80), more(weighing(address, 0))));
        int drained = respecting.only(path, "members").path("weight").asInt();
        respecting.want(1, respecting.of(1, 4, List.of(80), more(weighing(address, 1))));

        // Then
        assertThat(drained).isZero();
        assertThat(respecting.only(path, "members").path("weight").asInt()).isEqualTo(1);
        assertThat(respecting.status(1).phase()).isEqualTo(LoadBalancerPhase.ACTIVE);
    }

    private static List<DesiredMember> weighing(String address, int weight) {
        return Stream.concat(Stream.of(Stage.member(address, weight)), Stage.members(1, 2).stream())
                .toList();
    }

    private static List<DesiredMember> more(List<DesiredMember> members) {
        return Stream.concat(members.stream(), Stage.members(3, 5).stream()).toList();
    }

    private void make() {
        stage.make(1, stage.of(1, 1, List.of(80), Stage.members(1, 1)));
        stage.count();
    }

    private String membersPath() {
        return membersPath(stage);
    }

    private static String membersPath(Stage stage) {
        return "pools/" + stage.only("pools", "pools").path("id").asText() + "/members";
    }

    private void change(String path, String kind, String field, String value) {
        stage.send("PUT", path, body(kind, field, value));
    }

    private static JsonNode body(String kind, String field, String value) {
        var body = JsonNodeFactory.instance.objectNode();
        var inner = body.putObject(kind);
        if (value.matches("\\d+")) {
            inner.put(field, Integer.parseInt(value));
        } else if (value.equals("true") || value.equals("false")) {
            inner.put(field, Boolean.parseBoolean(value));
        } else {
            inner.put(field, value);
        }
        return body;
    }

    private void addTag(String tag) {
        var balancer = stage.only("loadbalancers", "loadbalancers");
        var body = JsonNodeFactory.instance.objectNode();
        var all = body.putObject("loadbalancer").putArray("tags");
        balancer.path("tags").forEach(all::add);
        all.add(tag);
        stage.send("PUT", "loadbalancers/" + balancer.path("id").asText(), body);
    }

    private List<String> tags() {
        return tagsOf(stage);
    }

    private static List<String> tagsOf(Stage stage) {
        return stage.only("loadbalancers", "loadbalancers")
                .path("tags")
                .valueStream()
                .map(JsonNode::asText)
                .toList();
    }
}
