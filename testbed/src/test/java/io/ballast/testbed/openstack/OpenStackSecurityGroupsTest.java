package io.ballast.testbed.openstack;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Security groups of Neutron and their rules. Source: Neutron's tests of security group rules; extension revision-if-match. */
class OpenStackSecurityGroupsTest {
    private final ModelCloud cloud = ModelCloud.measured();
    private String group = "";

    @BeforeEach
    void makeGroup() {
        group = Cloud.created(
                cloud.neutron("POST", "security-groups", "{'security_group': {'name': 'pods'}}"), "security_group");
    }

    @ParameterizedTest
    @CsvSource({"tcp,tcp,''", "tcp,tcp,another description", "tcp,6,''", "132,sctp,''"})
    void refusesTheSameRuleWhateverItsDescriptionAndHoweverItsProtocolIsWritten(
            String first, String second, String description) {
        // Given
        var rule = Cloud.created(rule(first, "10.2.0.0/16", ""), "security_group_rule");
        // When
        var reply = rule(second, "10.2.0.0/16", description);
        // Then
        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.json().at("/NeutronError/type").asText()).isEqualTo("SecurityGroupRuleExists");
        assertThat(reply.errorText()).contains(rule);
    }

    @Test
    void takesTheSameProtocolFromAnotherRange() {
        rule("tcp", "10.2.0.0/16", "");

        assertThat(rule("tcp", "10.1.0.0/16", "").status()).isEqualTo(201);
    }

    @Test
    void refusesARangeOfTheOtherFamily() {
        assertThat(rule("tcp", "fd10:0:0:2::/112", "").status()).isEqualTo(400);
    }

    @Test
    void countsRulesThatComeAndGoAsChangesOfTheirGroup() {
        // Given
        int before = revision();
        // When
        var rule = Cloud.created(rule("tcp", "10.2.0.0/16", ""), "security_group_rule");
        int between = revision();
        cloud.neutron("DELETE", "security-group-rules/" + rule);
        // Then
        assertThat(between).isGreaterThan(before);
        assertThat(revision()).isGreaterThan(between);
    }

    @Test
    void deletesARuleOnlyAtTheRevisionThatIsNamed() {
        // Given
        var rule = Cloud.created(rule("tcp", "10.2.0.0/16", ""), "security_group_rule");
        var delete = ModelRequest.of(OpenStackService.NEUTRON, "DELETE", "/v2.0/security-group-rules/" + rule);
        // When
        var stale = cloud.send("k8s", delete.withHeader("If-Match", "revision_number=7"));
        var right = cloud.send("k8s", delete.withHeader("If-Match", "revision_number=1"));
        // Then
        assertThat(stale.status()).isEqualTo(412);
        assertThat(stale.json().at("/NeutronError/type").asText()).isEqualTo("RevisionNumberConstraintFailed");
        assertThat(right.status()).isEqualTo(204);
    }

    private ModelReply rule(String protocol, String range, String description) {
        return cloud.neutron(
                "POST",
                "security-group-rules",
                ("{'security_group_rule': {'security_group_id': '%s', 'direction': 'ingress', 'protocol': '%s',"
                                + " 'remote_ip_prefix': '%s', 'description': '%s'}}")
                        .formatted(group, protocol, range, description));
    }

    private int revision() {
        return cloud.neutron("GET", "security-groups/" + group)
                .json()
                .at("/security_group/revision_number")
                .asInt();
    }
}
