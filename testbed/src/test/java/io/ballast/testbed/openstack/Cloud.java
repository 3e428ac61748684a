package io.ballast.testbed.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * An OpenStack to test: the model in memory, or whatever is behind HTTP. Bodies are JSON with single quotes. Load balancers live in the
 * service subnet of the default layout.
 */
public interface Cloud {
    /** Sends one request as a user and gives the answer. */
    ModelReply send(String user, ModelRequest request);

    /** Returns when nothing is under way any more. */
    void settle();

    /** The ids of the networks. */
    SeededLayout layout();

    /** Sends a request to Octavia as k8s; {@code target} goes on after {@code /v2/lbaas/}. */
    default ModelReply octavia(String method, String target) {
        return send("k8s", ModelRequest.of(OpenStackService.OCTAVIA, method, "/v2/lbaas/" + target));
    }

    /** The same with a body. */
    default ModelReply octavia(String method, String target, String body) {
        return send(
                "k8s",
                ModelRequest.of(OpenStackService.OCTAVIA, method, "/v2/lbaas/" + target)
                        .withBody(body));
    }

    /** Sends a request to Neutron as k8s; {@code target} goes on after {@code /v2.0/}. */
    default ModelReply neutron(String method, String target) {
        return send("k8s", ModelRequest.of(OpenStackService.NEUTRON, method, "/v2.0/" + target));
    }

    /** The same with a body. */
    default ModelReply neutron(String method, String target, String body) {
        return send(
                "k8s",
                ModelRequest.of(OpenStackService.NEUTRON, method, "/v2.0/" + target)
                        .withBody(body));
    }

    /** Asks for a load balancer in the service subnet; {@code more} are further fields, each with a leading comma. */
    default ModelReply createLoadBalancer(Provider provider, String more) {
        return octavia(
                "POST",
                "loadbalancers",
                "{'loadbalancer': {'name': 'web', 'provider': '%s', 'vip_subnet_id': '%s'%s}}"
                        .formatted(provider.label(), layout().serviceSubnetId(), more));
    }

    /** A load balancer that is ACTIVE; gives its id. */
    default String activeLoadBalancer(Provider provider, String more) {
        var id = created(createLoadBalancer(provider, more), "loadbalancer");
        settle();
        return id;
    }

    /** A TCP listener that is ACTIVE; gives its id. */
    default String activeListener(String loadBalancer, int port) {
        var id = created(createListener(loadBalancer, "TCP", port, ""), "listener");
        settle();
        return id;
    }

    /** Asks for a listener. */
    default ModelReply createListener(String loadBalancer, String protocol, int port, String more) {
        return octavia(
                "POST",
                "listeners",
                "{'listener': {'loadbalancer_id': '%s', 'protocol': '%s', 'protocol_port': %d%s}}"
                        .formatted(loadBalancer, protocol, port, more));
    }

    /** Asks for a pool of a load balancer. */
    default ModelReply createPool(String loadBalancer, String protocol, String algorithm, String more) {
        return octavia(
                "POST",
                "pools",
                "{'pool': {'loadbalancer_id': '%s', 'protocol': '%s', 'lb_algorithm': '%s'%s}}"
                        .formatted(loadBalancer, protocol, algorithm, more));
    }

    /** A TCP pool that is ACTIVE, with the algorithm that the provider has; gives its id. */
    default String activePool(Provider provider, String loadBalancer) {
        var id = created(createPool(loadBalancer, "TCP", algorithm(provider), ""), "pool");
        settle();
        return id;
    }

    /** Asks for a member in the pod subnet, port 8080. */
    default ModelReply createMember(String pool, String address) {
        return octavia(
                "POST",
                "pools/" + pool + "/members",
                "{'member': {'address': '%s', 'protocol_port': 8080, 'subnet_id': '%s'}}"
                        .formatted(address, layout().podSubnetId()));
    }

    /** One member of a batch, in the pod subnet. */
    default String member(String address, int port) {
        return "{'address': '%s', 'protocol_port': %d, 'subnet_id': '%s'}"
                .formatted(address, port, layout().podSubnetId());
    }

    /** Replaces the members of a pool. */
    default ModelReply batch(String pool, String... members) {
        return octavia("PUT", "pools/" + pool + "/members", "{'members': [" + String.join(",", members) + "]}");
    }

    /** The fields of a fully populated create: one listener on a port, its pool, members on port 8080. */
    default String populated(Provider provider, int port, String... addresses) {
        var members =
                List.of(addresses).stream().map(each -> member(each, 8080)).toList();
        return (", 'listeners': [{'name': 'l', 'protocol': 'TCP', 'protocol_port': %d, 'default_pool': {'name': 'p',"
                        + " 'protocol': 'TCP', 'lb_algorithm': '%s', 'members': [%s]}}]")
                .formatted(port, algorithm(provider), String.join(",", members));
    }

    /** The algorithm that the provider has. */
    static String algorithm(Provider provider) {
        return provider == Provider.OVN ? "SOURCE_IP_PORT" : "ROUND_ROBIN";
    }

    /** What a GET shows of a load balancer. */
    default JsonNode loadBalancer(String id) {
        return octavia("GET", "loadbalancers/" + id).json().path("loadbalancer");
    }

    /** The provisioning status of an object, as {@code kinds/id}. */
    default String status(String target) {
        var reply = octavia("GET", target);
        return reply.status() == 404
                ? "gone"
                : reply.json().iterator().next().path("provisioning_status").asText();
    }

    /** The id of what was made; fails when it was refused. */
    static String created(ModelReply reply, String name) {
        if (reply.status() != 201) {
            throw new AssertionError("expected 201, not " + reply.status() + " " + reply.errorText());
        }
        return reply.json().path(name).path("id").asText();
    }
}
