package io.ballast.octavia.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ballast.octavia.loadbalancer.AccessAction;
import io.ballast.octavia.loadbalancer.AccessAction.AdmitRange;
import io.ballast.octavia.loadbalancer.AccessAction.BareVipPort;
import io.ballast.octavia.loadbalancer.AccessAction.WithdrawRule;
import io.ballast.octavia.loadbalancer.Failure;
import io.ballast.octavia.loadbalancer.ObservedAccess;
import io.ballast.octavia.loadbalancer.ObservedAccess.Group;
import io.ballast.octavia.loadbalancer.ObservedAccess.Rule;
import io.ballast.octavia.loadbalancer.ObservedAccess.VipPort;
import io.ballast.octavia.loadbalancer.OctaviaAnswer;
import io.ballast.octavia.loadbalancer.OctaviaCall;
import io.ballast.octavia.loadbalancer.PodAccess;
import io.ballast.octavia.loadbalancer.Product;
import io.ballast.openstack.Rest;
import io.ballast.openstack.RestReply.Answered;
import io.ballast.openstack.RestRequest;
import io.ballast.openstack.RestRequest.Api;
import io.ballast.schemas.contract.CidrRange;
import io.ballast.schemas.contract.IpFamily;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Security groups in Neutron. Source: Networking API v2, security groups, rules and revisions. */
final class AccessCalls {
    private static final String GROUPS = "/v2.0/security-groups";
    private static final String RULES = "/v2.0/security-group-rules";
    private static final int PORTS_AT_A_TIME = 50;
    private static final int LAST_PORT = 65_535;

    private final Rest rest;
    private final Pages pages;

    AccessCalls(Rest rest, Pages pages) {
        this.rest = rest;
        this.pages = pages;
    }

    ObservedAccess read(OctaviaCall.ReadAccess asked) throws FailedException {
        var groups = new LinkedHashMap<String, List<Group>>();
        var subnets = new LinkedHashMap<String, List<CidrRange>>();
        var ours = new ArrayList<Rule>();
        for (var cluster : asked.clusters()) {
            for (var name : cluster.groups()) {
                if (!groups.containsKey(name)) {
                    groups.put(name, groups(name));
                }
            }
            for (var source : cluster.sources()) {
                if (!cluster.groups().isEmpty()
                        && !subnets.containsKey(source)
                        && CidrRange.parse(source).isEmpty()) {
                    subnets.put(source, ranges(source));
                }
            }
            ours.addAll(ours(cluster));
        }
        return new ObservedAccess(groups, subnets, ours, ports(asked.vipPortIds()));
    }

    private List<Group> groups(String name) throws FailedException {
        var groups = new ArrayList<Group>();
        for (var found : named(GROUPS, "security_groups", name)) {
            var id = Json.text(found, "id");
            var rules = pages
                    .all(
                            RestRequest.get(Api.NETWORK, RULES)
                                    .with("security_group_id", id)
                                    .with("direction", "ingress"),
                            "security_group_rules")
                    .stream()
                    .map(AccessCalls::rule)
                    .toList();
            groups.add(new Group(id, Json.text(found, "name"), rules));
        }
        return groups;
    }

    private List<CidrRange> ranges(String name) throws FailedException {
        return named("/v2.0/subnets", "subnets", name).stream()
                .flatMap(subnet -> CidrRange.parse(Json.text(subnet, "cidr")).stream())
                .toList();
    }

    /** What has this id, else all that have this name. */
    private List<JsonNode> named(String path, String collection, String name) throws FailedException {
        var byId = pages.all(RestRequest.get(Api.NETWORK, path).with("id", name), collection);
        return byId.isEmpty() ? pages.all(RestRequest.get(Api.NETWORK, path).with("name", name), collection) : byId;
    }

    /** The filter is a help; the description decides. */
    private List<Rule> ours(PodAccess cluster) throws FailedException {
        return pages
                .all(
                        RestRequest.get(Api.NETWORK, RULES)
                                .with("description", cluster.description())
                                .with("direction", "ingress"),
                        "security_group_rules")
                .stream()
                .map(AccessCalls::rule)
                .filter(rule -> rule.description().equals(cluster.description()))
                .toList();
    }

    private static Rule rule(JsonNode node) {
        var prefix = Json.orNull(node, "remote_ip_prefix");
        var remote = prefix == null ? null : CidrRange.ofKubernetes(prefix).orElse(null);
        var first = Json.numberOrNull(node, "port_range_min");
        var last = Json.numberOrNull(node, "port_range_max");
        var allPorts = (first == null || first <= 1) && (last == null || last == LAST_PORT);
        return new Rule(
                Json.text(node, "id"),
                Json.text(node, "security_group_id"),
                Json.text(node, "ethertype").equalsIgnoreCase("IPv6") ? IpFamily.IPV6 : IpFamily.IPV4,
                protocol(Json.text(node, "protocol")),
                remote,
                !allPorts
                        || (prefix != null && remote == null)
                        || Json.orNull(node, "remote_group_id") != null
                        || Json.orNull(node, "remote_address_group_id") != null,
                Json.text(node, "description"),
                node.path("revision_number").asInt());
    }

    /** Neutron takes a protocol by name or number, and shows it as it was given. */
    private static String protocol(String given) {
        return switch (given.toLowerCase(Locale.ROOT)) {
            case "6" -> "tcp";
            case "17" -> "udp";
            case "132" -> "sctp";
            case "any", "0" -> "";
            default -> given.toLowerCase(Locale.ROOT);
        };
    }

    private List<VipPort> ports(Set<String> ids) throws FailedException {
        var all = List.copyOf(ids);
        var ports = new ArrayList<VipPort>();
        for (int from = 0; from < all.size(); from += PORTS_AT_A_TIME) {
            var request = RestRequest.get(Api.NETWORK, "/v2.0/ports");
            for (var id : all.subList(from, Math.min(all.size(), from + PORTS_AT_A_TIME))) {
                request = request.with("id", id);
            }
            pages.all(request, "ports").stream()
                    .map(port -> new VipPort(
                            Json.text(port, "id"),
                            port.path("security_groups").size(),
                            port.path("revision_number").asInt()))
                    .forEach(ports::add);
        }
        return ports;
    }

    OctaviaAnswer change(AccessAction action) {
        var reply = rest.send(request(action));
        if (reply instanceof Answered answered && (answered.isSuccess() || isDone(action, answered))) {
            return new OctaviaAnswer.Done(answered.status(), answered.requestId(), new Product.Nothing());
        }
        return new OctaviaAnswer.Failed(Failures.of(reply));
    }

    /** An equal rule is there whatever its description, or what was to go is gone. */
    private static boolean isDone(AccessAction action, Answered answered) {
        return switch (action) {
            case AdmitRange _ ->
                answered.status() == 409
                        && answered.body().at("/NeutronError/type").asText().equals("SecurityGroupRuleExists");
            case WithdrawRule _, BareVipPort _ -> Failures.of(answered).kind() == Failure.Kind.GONE;
        };
    }

    private static RestRequest request(AccessAction action) {
        return switch (action) {
            case AdmitRange admit -> RestRequest.post(Api.NETWORK, RULES, body(admit));
            case WithdrawRule(var id, var _, var revision) ->
                RestRequest.delete(Api.NETWORK, RULES + "/" + id).onlyAt(revision);
            case BareVipPort(var id, var revision) -> {
                var port = JsonNodeFactory.instance.objectNode();
                port.putObject("port").putArray("security_groups");
                yield RestRequest.put(Api.NETWORK, "/v2.0/ports/" + id, port).onlyAt(revision);
            }
        };
    }

    private static ObjectNode body(AdmitRange admit) {
        var body = JsonNodeFactory.instance.objectNode();
        body.putObject("security_group_rule")
                .put("security_group_id", admit.groupId())
                .put("direction", "ingress")
                .put("ethertype", admit.family() == IpFamily.IPV6 ? "IPv6" : "IPv4")
                .put("protocol", admit.protocol())
                .put("remote_ip_prefix", admit.source().toString())
                .put("description", admit.description());
        return body;
    }
}
