package io.ballast.testbed.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * Security groups and their rules. A new group lets everything out. The same rule twice is refused whatever its description, and
 * whether its protocol is named or numbered. Each rule counts as a change of its group. Source: Networking API v2; Neutron's
 * tests of security group rules.
 */
final class NeutronSecurityGroups {
    private static final List<String> FIELDS = List.of(
            "direction",
            "ethertype",
            "protocol",
            "port_range_min",
            "port_range_max",
            "remote_ip_prefix",
            "remote_group_id",
            "remote_address_group_id",
            "security_group_id");

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
        var doc = state.newDoc(projectId);
        doc.remove(List.of("name", "tags"));
        FIELDS.forEach(field -> doc.set(field, Json.value(null)));
        doc.put("ethertype", "IPv4");
        doc.put("description", "");
        Json.copy(given, doc, FIELDS);
        Json.copy(given, doc, List.of("description"));
        check(doc);
        for (var other : state.securityGroupRules.all()) {
            if (FIELDS.stream().allMatch(field -> value(other.doc(), field).equals(value(doc, field)))) {
                throw ApiError.neutron(
                        409,
                        "SecurityGroupRuleExists",
                        "Security group rule already exists. Rule id is " + other.id() + ".");
            }
        }
        state.touch(state.securityGroups.get(groupId));
        return state.securityGroupRules.add(Row.of(doc));
    }

    private static void check(JsonNode doc) {
        var prefix = Json.text(doc, "remote_ip_prefix");
        var isSix = Json.text(doc, "ethertype").equals("IPv6");
        if (!prefix.isEmpty() && prefix.indexOf(':') >= 0 != isSix) {
            throw ApiError.neutron(
                    400,
                    "SecurityGroupRuleParameterConflict",
                    "Conflicting value ethertype " + Json.text(doc, "ethertype") + " for CIDR " + prefix);
        }
        if (!prefix.isEmpty() && Json.has(doc, "remote_group_id")) {
            throw ApiError.neutron(
                    400,
                    "SecurityGroupMultipleRemoteEntites",
                    "Only remote_ip_prefix or remote_group_id or remote_address_group_id may be provided.");
        }
    }

    private static String value(JsonNode doc, String field) {
        var text = Json.text(doc, field);
        if (!field.equals("protocol")) {
            return text;
        }
        return switch (text) {
            case "6" -> "tcp";
            case "17" -> "udp";
            case "132" -> "sctp";
            default -> text;
        };
    }

    void deleteRule(Row rule) {
        state.securityGroupRules.remove(rule.id());
        state.securityGroups.find(rule.text("security_group_id")).ifPresent(state::touch);
    }
}
