package io.ballast.testbed.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ballast.openstack.Rest;
import io.ballast.openstack.RestReply;
import io.ballast.openstack.RestRequest;
import io.ballast.openstack.RestRequest.Api;
import io.ballast.testbed.check.OpenStackView;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/** Writes the new name of a cluster onto what is ours in OpenStack: the key in tags and descriptions, and nothing else. */
final class ClusterRename {
    private static final String KEY = "ballast:key:";

    private final Rest cloud;
    private final String from;
    private final String to;

    ClusterRename(Rest cloud, String from, String to) {
        this.cloud = cloud;
        this.from = from;
        this.to = to;
    }

    /**
     * Renames what still has the old name, so that it can be run again after it failed. Returns a line for each object.
     * Throws {@link IllegalStateException} when OpenStack refuses.
     */
    List<String> run() {
        var view = new OpenStackView(cloud);
        var done = new ArrayList<String>();
        for (var loadBalancer : view.loadBalancers()) {
            var tags = texts(loadBalancer.path("tags"));
            var renamed = tags.stream().map(this::renamedTag).sorted().toList();
            if (!renamed.equals(tags.stream().sorted().toList())) {
                var body = JsonNodeFactory.instance.objectNode();
                var list = body.putObject("loadbalancer").putArray("tags");
                renamed.forEach(list::add);
                put(Api.LOAD_BALANCER, "/v2.0/lbaas/loadbalancers/" + id(loadBalancer), body);
                done.add("load balancer " + loadBalancer.path("name").asText());
            }
        }
        var identity = Pattern.compile("^(ballast:[^:]+:[^:]+:)" + Pattern.quote(from) + "/");
        for (var floatingIp : view.floatingIps()) {
            var description = identity.matcher(floatingIp.path("description").asText());
            if (description.find()) {
                var body = JsonNodeFactory.instance.objectNode();
                body.putObject("floatingip").put("description", description.replaceFirst("$1" + to + "/"));
                put(Api.NETWORK, "/v2.0/floatingips/" + id(floatingIp), body);
                done.add("floating IP " + floatingIp.path("floating_ip_address").asText());
            }
        }
        return done;
    }

    private String renamedTag(String tag) {
        var old = KEY + from + "/";
        return tag.startsWith(old) ? KEY + to + "/" + tag.substring(old.length()) : tag;
    }

    private void put(Api api, String path, JsonNode body) {
        switch (cloud.send(RestRequest.put(api, path, body))) {
            case RestReply.Answered answered when answered.isSuccess() -> {}
            case RestReply.Answered answered ->
                throw new IllegalStateException("%s answered %d: %s; run it again when that is mended"
                        .formatted(path, answered.status(), answered.body()));
            case RestReply.Unanswered unanswered ->
                throw new IllegalStateException(
                        "%s: %s; run it again when that is mended".formatted(path, unanswered.reason()));
        }
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private static String id(JsonNode object) {
        return object.path("id").asText();
    }
}
