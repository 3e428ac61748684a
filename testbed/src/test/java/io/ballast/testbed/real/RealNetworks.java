package io.ballast.testbed.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ballast.openstack.Rest;
import io.ballast.openstack.RestReply;
import io.ballast.openstack.RestRequest;
import io.ballast.openstack.RestRequest.Api;
import io.ballast.testbed.openstack.Layout;
import io.ballast.testbed.plan.LayoutApplication;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Networks of a layout, made in the cloud by {@code ballast plan --apply} and taken away at the end, when nothing may be in them. */
final class RealNetworks implements AutoCloseable {
    private final String name;
    private final Rest cloud;

    private RealNetworks(String name, Rest cloud) {
        this.name = name;
        this.cloud = cloud;
    }

    /** Makes them; what an earlier run left of this name is taken away first. */
    static RealNetworks make(Layout layout, String name) {
        var networks = new RealNetworks(name, RealStack.cloud(name).open());
        networks.takeAway();
        var said = new ArrayList<String>();
        assertThat(new LayoutApplication(layout.network(name), networks.cloud, said::add).apply())
                .as(said.toString())
                .isTrue();
        return networks;
    }

    Rest cloud() {
        return cloud;
    }

    /** Ports that are neither routers' nor DHCP's. */
    List<String> foreignPorts() {
        return networks().stream()
                .flatMap(network -> list(
                        "ports",
                        RestRequest.get(Api.NETWORK, "/v2.0/ports")
                                .with("network_id", network.path("id").asText())))
                .filter(port -> !port.path("device_owner").asText().startsWith("network:"))
                .map(port -> port.path("id").asText() + " " + port.path("name").asText())
                .toList();
    }

    @Override
    public void close() {
        var left = foreignPorts();
        if (left.isEmpty()) {
            takeAway();
        }
        assertThat(left).as("ports in the networks of " + name).isEmpty();
    }

    private void takeAway() {
        for (var router : mine("routers")) {
            takeAway(router.path("id").asText());
        }
        for (var network : networks()) {
            delete("networks", network);
        }
        mine("security_groups").forEach(group -> delete("security-groups", group));
    }

    private void takeAway(String router) {
        list("ports", RestRequest.get(Api.NETWORK, "/v2.0/ports").with("device_id", router))
                .filter(port -> port.path("device_owner").asText().equals("network:router_interface"))
                .forEach(port -> send(RestRequest.put(
                        Api.NETWORK,
                        "/v2.0/routers/" + router + "/remove_router_interface",
                        JsonNodeFactory.instance
                                .objectNode()
                                .put("port_id", port.path("id").asText()))));
        send(RestRequest.delete(Api.NETWORK, "/v2.0/routers/" + router));
    }

    private List<JsonNode> networks() {
        return mine("networks");
    }

    private List<JsonNode> mine(String kind) {
        return list(kind, RestRequest.get(Api.NETWORK, "/v2.0/" + kind.replace('_', '-')))
                .filter(each -> each.path("description").asText().startsWith("ballast-layout/%s/".formatted(name)))
                .toList();
    }

    private void delete(String kind, JsonNode object) {
        send(RestRequest.delete(
                Api.NETWORK, "/v2.0/" + kind + "/" + object.path("id").asText()));
    }

    private Stream<JsonNode> list(String kind, RestRequest request) {
        return send(request).path(kind).valueStream();
    }

    private JsonNode send(RestRequest request) {
        if (cloud.send(request) instanceof RestReply.Answered answered && answered.isSuccess()) {
            return answered.body();
        }
        throw new AssertionError("%s %s: %s".formatted(request.method(), request.path(), cloud.send(request)));
    }
}
