package io.ballast.testbed.takeover;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ballast.openstack.Rest;
import io.ballast.openstack.RestReply;
import io.ballast.openstack.RestRequest;
import io.ballast.openstack.RestRequest.Api;
import io.ballast.testbed.check.OpenStackView;
import io.ballast.testbed.takeover.Found.TheirFloatingIp;
import io.ballast.testbed.takeover.Found.TheirLoadBalancer;
import io.ballast.testbed.takeover.Verdict.FloatingIpChange;
import io.ballast.testbed.takeover.Verdict.LoadBalancerChange;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** The OpenStack project of a take-over. Every method throws {@link IllegalStateException} when OpenStack refuses or is away. */
public final class TakeOverCloud {
    private final Rest cloud;
    private final OpenStackView view;

    public TakeOverCloud(Rest cloud) {
        this.cloud = cloud;
        this.view = new OpenStackView(cloud);
    }

    public List<TheirLoadBalancer> loadBalancers() {
        return view.allLoadBalancers().stream()
                .filter(each -> !List.of("DELETED", "PENDING_DELETE")
                        .contains(each.path("provisioning_status").asText()))
                .map(each -> new TheirLoadBalancer(
                        text(each, "id"),
                        text(each, "name"),
                        text(each, "provider"),
                        text(each, "provisioning_status"),
                        text(each, "vip_address"),
                        text(each, "vip_port_id"),
                        tags(each)))
                .toList();
    }

    public List<TheirFloatingIp> floatingIps() {
        return view.floatingIps().stream()
                .map(each -> new TheirFloatingIp(
                        text(each, "id"),
                        text(each, "floating_ip_address"),
                        text(each, "port_id"),
                        text(each, "description")))
                .toList();
    }

    private static SortedSet<String> tags(JsonNode object) {
        var tags = new TreeSet<String>();
        object.path("tags").forEach(tag -> tags.add(tag.asText()));
        return tags;
    }

    private static String text(JsonNode object, String field) {
        return object.path(field).isTextual() ? object.path(field).asText() : "";
    }

    public void change(FloatingIpChange change) {
        var body = JsonNodeFactory.instance.objectNode();
        body.putObject("floatingip").put("description", change.description());
        put(Api.NETWORK, "/v2.0/floatingips/" + change.id(), body);
    }

    public void change(LoadBalancerChange change) {
        var body = JsonNodeFactory.instance.objectNode();
        var fields = body.putObject("loadbalancer").put("name", change.name());
        var tags = fields.putArray("tags");
        change.tags().forEach(tags::add);
        put(Api.LOAD_BALANCER, "/v2.0/lbaas/loadbalancers/" + change.id(), body);
    }

    private void put(Api api, String path, JsonNode body) {
        switch (cloud.send(RestRequest.put(api, path, body))) {
            case RestReply.Answered answered when answered.isSuccess() -> {}
            case RestReply.Answered answered ->
                throw new IllegalStateException(
                        "%s answered %d: %s".formatted(path, answered.status(), answered.body()));
            case RestReply.Unanswered unanswered ->
                throw new IllegalStateException("%s: %s".formatted(path, unanswered.reason()));
        }
    }
}
