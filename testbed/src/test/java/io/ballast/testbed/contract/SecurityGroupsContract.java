package io.ballast.testbed.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.testbed.openstack.Cloud;
import io.ballast.testbed.openstack.ModelReply;
import io.ballast.testbed.openstack.ModelRequest;
import io.ballast.testbed.openstack.OpenStackService;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Security groups and their rules. */
class SecurityGroupsContract extends Facts {
    private String group = "";

    @BeforeEach
    void makeGroup() {
        group = Cloud.created(
                cloud.neutron("POST", "security-groups", "{'security_group': {'name': 'contract'}}"), "security_group");
    }

    @ParameterizedTest
    @CsvSource({"tcp,tcp,''", "tcp,tcp,another description", "tcp,6,''", "132,sctp,''"})
    void theSameRuleIsRefusedWith409WhateverItsDescriptionAndHoweverItsProtocolIsWritten(
            String first, String second, String description) {
        // Given
        var rule = Cloud.created(rule(first, "10.2.0.0/16", ""), "security_group_rule");
        // When
        var reply = rule(second, "10.2.0.0/16", description);
        // Then
        assertNeutron(reply, 409, "SecurityGroupRuleExists");
        assertThat(reply.errorText()).contains(rule);
    }

    @Test
    void theSameProtocolFromAnotherRangeIsAnotherRule() {
        rule("tcp", "10.2.0.0/16", "");

        assertThat(rule("tcp", "10.1.0.0/16", "").status()).isEqualTo(201);
    }

    @Test
    void aRangeOfTheOtherFamilyIsRefusedWith400() {
        assertThat(rule("tcp", "fd10:0:0:2::/112", "").status()).isEqualTo(400);
    }

    @Test
    void aRuleThatComesOrGoesIsAChangeOfItsGroup() {
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
    void aRuleIsDeletedOnlyAtTheRevisionThatIsNamed() {
        // Given
        var made = rule("tcp", "10.2.0.0/16", "");
        var rule = Cloud.created(made, "security_group_rule");
        var revision = made.json().at("/security_group_rule/revision_number").asText();
        var delete = ModelRequest.of(OpenStackService.NEUTRON, "DELETE", "/v2.0/security-group-rules/" + rule);
        // When
        var stale = cloud.send("k8s", delete.withHeader("If-Match", "revision_number=7"));
        var right = cloud.send("k8s", delete.withHeader("If-Match", "revision_number=" + revision));
        // Then
        assertNeutron(stale, 412, "RevisionNumberConstraintFailed");
        assertThat(right.status()).isEqualTo(204);
    }

    @Test
    void aNewGroupLetsOutEverythingOfBothFamilies() {
        var rules = cloud.neutron("GET", "security-groups/" + group).json().at("/security_group/security_group_rules");

        assertThat(rules.findValuesAsText("direction")).containsExactly("egress", "egress");
        assertThat(rules.findValuesAsText("ethertype")).containsExactlyInAnyOrder("IPv4", "IPv6");
    }

    @Test
    void aGroupInUseCannotBeDeleted() {
        // Given
        cloud.neutron(
                "POST",
                "ports",
                "{'port': {'network_id': '%s', 'fixed_ips': [], 'security_groups': ['%s']}}"
                        .formatted(cloud.layout().podNetworkId(), group));
        // When, Then
        assertNeutron(cloud.neutron("DELETE", "security-groups/" + group), 409, "SecurityGroupInUse");
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
