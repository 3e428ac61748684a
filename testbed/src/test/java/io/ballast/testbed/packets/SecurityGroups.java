package io.ballast.testbed.packets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ballast.openstack.Rest;
import io.ballast.openstack.RestReply;
import io.ballast.openstack.RestRequest;
import io.ballast.openstack.RestRequest.Api;
import java.util.List;

/** Security groups of pods that tests make, by name. */
record SecurityGroups(Rest cloud) {
    private static final String GROUPS = "/v2.0/security-groups";

    /** One that admits nothing; that of an earlier run goes first. */
    void makeAnew(String name) {
        delete(name);
        var body = JsonNodeFactory.instance.objectNode();
        body.putObject("security_group").put("name", name);
        send(RestRequest.post(Api.NETWORK, GROUPS, body));
    }

    void admitTcp(String name, String range) {
        var body = JsonNodeFactory.instance.objectNode();
        body.putObject("security_group_rule")
                .put("security_group_id", ids(name).getFirst())
                .put("direction", "ingress")
                .put("ethertype", "IPv4")
                .put("protocol", "tcp")
                .put("remote_ip_prefix", range);
        send(RestRequest.post(Api.NETWORK, "/v2.0/security-group-rules", body));
    }

    void delete(String name) {
        ids(name).forEach(id -> send(RestRequest.delete(Api.NETWORK, GROUPS + "/" + id)));
    }

    private List<String> ids(String name) {
        return send(RestRequest.get(Api.NETWORK, GROUPS).with("name", name))
                .path("security_groups")
                .valueStream()
                .map(group -> group.path("id").asText())
                .toList();
    }

    private JsonNode send(RestRequest request) {
        var reply = cloud.send(request);
        if (reply instanceof RestReply.Answered answered && answered.isSuccess()) {
            return answered.body();
        }
        throw new AssertionError("%s: Neutron answers %s".formatted(request, reply));
    }
}
