package io.ballast.testbed.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Security groups and their rules. A new group lets everything out; the same rule twice is refused. */
final class NeutronSecurityGroups {
    private final NeutronState state;

    NeutronSecurityGroups(NeutronState state) {
        this.state = state;
    }

    Row create(JsonNode given, String projectId) {
        var doc = state.newDoc(projectId);
        doc.put("stateful", true);
        doc.put("shared", false);
        Json.copy(given, doc, List.of("name", "description"));
        var group = state.securityGroups.add(Row.of(doc));
        for (var type : List.of("IPv4", "IPv6")) {
            createRule(
                    Json.object("security_group_id", group.id(), "direction", "egress", "ethertype", type), projectId);
        }
        return group;
    }

    Row createRule(JsonNode given, String projectId) {
        var groupId = Json.text(given, "security_group_id");
        if (!state.securityGroups.has(groupId)) {
            throw NeutronState.notFound("security-groups", groupId);
        }
        var fields = List.of(
                "direction",
                "ethertype",
                "protocol",
                "port_range_min",
                "port_range_max",
                "remote_ip_prefix",
                "remote_group_id",
                "remote_address_group_id",
                "security_group_id",
                "description");
        var doc = state.newDoc(projectId);
        doc.remove(List.of("name", "tags"));
        fields.forEach(field -> doc.set(field, Json.value(null)));
        doc.put("ethertype", "IPv4");
        doc.put("description", "");
        Json.copy(given, doc, fields);
        for (var other : state.securityGroupRules.all()) {
            if (fields.stream().allMatch(field -> other.doc().get(field).equals(doc.get(field)))) {
                throw ApiError.neutron(
                        409,
                        "SecurityGroupRuleExists",
                        "Security group rule already exists. Rule id is " + other.id() + ".");
            }
        }
        return state.securityGroupRules.add(Row.of(doc));
    }
}
