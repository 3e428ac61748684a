package io.ballast.testbed.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.ballast.openstack.Rest;
import io.ballast.openstack.RestReply;
import io.ballast.openstack.RestRequest;
import io.ballast.openstack.RestRequest.Api;
import java.util.ArrayList;
import java.util.List;

/** Reads everything of ours from a cloud, with nothing but requests and JSON. */
public final class OpenStackView {
    private static final String OCTAVIA = "/v2.0/lbaas/";
    private static final String NEUTRON = "/v2.0/";

    private final Rest cloud;

    public OpenStackView(Rest cloud) {
        this.cloud = cloud;
    }

    /** Load balancers that carry our tag, with every field Octavia shows. */
    public List<JsonNode> loadBalancers() {
        return all(
                RestRequest.get(Api.LOAD_BALANCER, OCTAVIA + "loadbalancers").with("tags", "ballast"), "loadbalancers");
    }

    /** Every load balancer of the project, whoever made it. */
    public List<JsonNode> allLoadBalancers() {
        return all(RestRequest.get(Api.LOAD_BALANCER, OCTAVIA + "loadbalancers"), "loadbalancers");
    }

    public List<JsonNode> listeners(String loadBalancerId) {
        return all(
                RestRequest.get(Api.LOAD_BALANCER, OCTAVIA + "listeners").with("load_balancer_id", loadBalancerId),
                "listeners");
    }

    public List<JsonNode> pools(String loadBalancerId) {
        return all(
                RestRequest.get(Api.LOAD_BALANCER, OCTAVIA + "pools").with("loadbalancer_id", loadBalancerId), "pools");
    }

    public List<JsonNode> members(String poolId) {
        return all(RestRequest.get(Api.LOAD_BALANCER, OCTAVIA + "pools/" + poolId + "/members"), "members");
    }

    /** Floating IPs, with every field Neutron shows. */
    public List<JsonNode> floatingIps() {
        return all(RestRequest.get(Api.NETWORK, NEUTRON + "floatingips"), "floatingips");
    }

    /** Ports, with every field Neutron shows. */
    public List<JsonNode> ports() {
        return all(RestRequest.get(Api.NETWORK, NEUTRON + "ports"), "ports");
    }

    /** Rules of security groups with this description, with every field Neutron shows. */
    public List<JsonNode> securityGroupRules(String description) {
        return all(
                        RestRequest.get(Api.NETWORK, NEUTRON + "security-group-rules")
                                .with("description", description),
                        "security_group_rules")
                .stream()
                .filter(rule -> rule.path("description").asText().equals(description))
                .toList();
    }

    private List<JsonNode> all(RestRequest request, String name) {
        var found = new ArrayList<JsonNode>();
        var page = request.with("limit", "200");
        while (true) {
            var items = get(page).path(name);
            items.forEach(found::add);
            if (items.size() < 200) {
                return found;
            }
            page = request.with("limit", "200")
                    .with("marker", found.getLast().path("id").asText());
        }
    }

    private JsonNode get(RestRequest request) {
        return switch (cloud.send(request)) {
            case RestReply.Answered answered when answered.isSuccess() -> answered.body();
            case RestReply.Answered answered ->
                throw new IllegalStateException(
                        "%s answered %d: %s".formatted(request.path(), answered.status(), answered.body()));
            case RestReply.Unanswered unanswered ->
                throw new IllegalStateException("%s: %s".formatted(request.path(), unanswered.reason()));
        };
    }
}
