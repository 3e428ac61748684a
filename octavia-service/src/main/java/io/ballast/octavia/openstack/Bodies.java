package io.ballast.octavia.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ballast.octavia.loadbalancer.Blueprint;
import io.ballast.octavia.loadbalancer.Words;
import io.ballast.schemas.contract.DesiredHealthMonitor;
import io.ballast.schemas.contract.DesiredListener;
import io.ballast.schemas.contract.DesiredMember;
import io.ballast.schemas.contract.DesiredPool;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Our records to the JSON of Octavia. A field that is not desired is left out when creating and null when changing. */
final class Bodies {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String PERSISTENCE_TIMEOUT = "persistence_timeout";

    private Bodies() {}

    /**
     * A fully populated load balancer.
     *
     * @param subnets turns a subnet name into its id
     * @param flavorId id of the flavor; null for none
     */
    static ObjectNode loadBalancer(Blueprint blueprint, @Nullable String flavorId, UnaryOperator<String> subnets) {
        var body = JSON.objectNode().put("name", blueprint.name()).put("admin_state_up", true);
        var first = blueprint.vips().getFirst();
        body.put("vip_address", first.address());
        body.put("vip_subnet_id", first.subnetId());
        if (blueprint.vips().size() > 1) {
            body.set(
                    "additional_vips",
                    array(
                            blueprint.vips().subList(1, blueprint.vips().size()),
                            vip -> JSON.objectNode()
                                    .put("ip_address", vip.address())
                                    .put("subnet_id", vip.subnetId())));
        }
        body.set("tags", texts(blueprint.tags()));
        if (!blueprint.provider().isEmpty()) {
            body.put("provider", blueprint.provider());
        }
        if (flavorId != null) {
            body.put("flavor_id", flavorId);
        }
        if (blueprint.availabilityZone() != null) {
            body.put("availability_zone", blueprint.availabilityZone());
        }
        putIf(body, "project_id", blueprint.project());
        body.set("listeners", array(blueprint.listeners(), listener -> {
            var node = newListener(listener);
            node.set("default_pool", JSON.objectNode().put("name", listener.pool()));
            return node;
        }));
        body.set("pools", array(blueprint.pools(), pool -> fullPool(pool, subnets)));
        return wrap("loadbalancer", body);
    }

    private static ObjectNode fullPool(DesiredPool pool, UnaryOperator<String> subnets) {
        var node = newPool(pool);
        node.set("members", array(pool.members(), member -> newMember(member, subnets)));
        var monitor = pool.healthMonitor();
        if (monitor != null) {
            node.set("healthmonitor", newMonitor(monitor));
        }
        return node;
    }

    static ObjectNode loadBalancerUpdate(String name, Collection<String> tags) {
        var body = JSON.objectNode().put("name", name).put("admin_state_up", true);
        body.set("tags", texts(tags));
        return wrap("loadbalancer", body);
    }

    static ObjectNode listenerCreate(String loadBalancerId, DesiredListener listener, String poolId) {
        return wrap(
                "listener",
                newListener(listener).put("loadbalancer_id", loadBalancerId).put("default_pool_id", poolId));
    }

    static ObjectNode listenerUpdate(DesiredListener listener, @Nullable String poolId) {
        var body = listenerFields(listener);
        putIf(body, "default_pool_id", poolId); // null takes the pool away, and on ovn that never ends
        body.put("connection_limit", listener.connectionLimit());
        body.put("timeout_client_data", listener.timeoutClientDataMillis());
        body.put("timeout_member_connect", listener.timeoutMemberConnectMillis());
        body.put("timeout_member_data", listener.timeoutMemberDataMillis());
        body.put("timeout_tcp_inspect", listener.timeoutTcpInspectMillis());
        var cidrs = listener.allowedCidrs();
        body.set("allowed_cidrs", cidrs == null || cidrs.isEmpty() ? JSON.nullNode() : texts(cidrs));
        body.set("insert_headers", headers(listener));
        if (listener.tlsContainerRef() != null) {
            body.put("default_tls_container_ref", listener.tlsContainerRef());
            body.set("sni_container_refs", texts(listener.sniContainerRefs()));
        }
        return wrap("listener", body);
    }

    private static ObjectNode newListener(DesiredListener listener) {
        var body = listenerFields(listener)
                .put("protocol", listener.protocol().name())
                .put("protocol_port", listener.port());
        putIf(body, "connection_limit", listener.connectionLimit());
        putIf(body, "timeout_client_data", listener.timeoutClientDataMillis());
        putIf(body, "timeout_member_connect", listener.timeoutMemberConnectMillis());
        putIf(body, "timeout_member_data", listener.timeoutMemberDataMillis());
        putIf(body, "timeout_tcp_inspect", listener.timeoutTcpInspectMillis());
        var cidrs = listener.allowedCidrs();
        if (cidrs != null && !cidrs.isEmpty()) {
            body.set("allowed_cidrs", texts(cidrs));
        }
        if (!listener.insertHeaders().isEmpty()) {
            body.set("insert_headers", headers(listener));
        }
        if (listener.tlsContainerRef() != null) {
            body.put("default_tls_container_ref", listener.tlsContainerRef());
        }
        if (!listener.sniContainerRefs().isEmpty()) {
            body.set("sni_container_refs", texts(listener.sniContainerRefs()));
        }
        return body;
    }

    /** Octavia takes an empty list of CIDRs for everybody; nobody is a listener that is down. */
    private static ObjectNode listenerFields(DesiredListener listener) {
        var cidrs = listener.allowedCidrs();
        return JSON.objectNode().put("name", listener.name()).put("admin_state_up", cidrs == null || !cidrs.isEmpty());
    }

    private static ObjectNode headers(DesiredListener listener) {
        var node = JSON.objectNode();
        listener.insertHeaders().forEach(node::put);
        return node;
    }

    static ObjectNode poolCreate(String loadBalancerId, DesiredPool pool) {
        return wrap("pool", newPool(pool).put("loadbalancer_id", loadBalancerId));
    }

    static ObjectNode poolUpdate(DesiredPool pool) {
        var body = JSON.objectNode()
                .put("name", pool.name())
                .put("lb_algorithm", pool.algorithm().name())
                .put("admin_state_up", true);
        var persistence = persistence(pool);
        if (persistence instanceof ObjectNode node && !node.has(PERSISTENCE_TIMEOUT)) {
            node.putNull(PERSISTENCE_TIMEOUT); // Octavia keeps what a change leaves out
        }
        body.set("session_persistence", persistence);
        return wrap("pool", body);
    }

    private static ObjectNode newPool(DesiredPool pool) {
        var body = JSON.objectNode()
                .put("name", pool.name())
                .put("protocol", pool.protocol().name())
                .put("lb_algorithm", pool.algorithm().name())
                .put("admin_state_up", true);
        if (pool.persistence() != null) {
            body.set("session_persistence", persistence(pool));
        }
        return body;
    }

    private static JsonNode persistence(DesiredPool pool) {
        var type = pool.persistence();
        if (type == null) {
            return JSON.nullNode();
        }
        var node = JSON.objectNode().put("type", type.name());
        putIf(node, PERSISTENCE_TIMEOUT, pool.persistenceTimeoutSeconds());
        return node;
    }

    static ObjectNode memberCreate(DesiredMember member, UnaryOperator<String> subnets) {
        return wrap("member", newMember(member, subnets));
    }

    static ObjectNode memberUpdate(DesiredMember member) {
        var body = JSON.objectNode()
                .put("name", member.name())
                .put("weight", member.weight())
                .put("backup", member.backup())
                .put("admin_state_up", true)
                .put("monitor_address", member.monitorAddress())
                .put("monitor_port", member.monitorPort());
        return wrap("member", body);
    }

    static ObjectNode batch(List<DesiredMember> members, UnaryOperator<String> subnets) {
        var body = JSON.objectNode();
        body.set("members", array(members, member -> newMember(member, subnets)));
        return body;
    }

    private static ObjectNode newMember(DesiredMember member, UnaryOperator<String> subnets) {
        var body = JSON.objectNode()
                .put("name", member.name())
                .put("address", member.address())
                .put("protocol_port", member.port())
                .put("weight", member.weight())
                .put("backup", member.backup())
                .put("admin_state_up", true);
        var subnet = member.subnet();
        if (subnet != null && !subnet.isEmpty()) {
            body.put("subnet_id", subnets.apply(subnet));
        }
        putIf(body, "monitor_address", member.monitorAddress());
        putIf(body, "monitor_port", member.monitorPort());
        return body;
    }

    static ObjectNode monitorCreate(String poolId, DesiredHealthMonitor monitor) {
        return wrap("healthmonitor", newMonitor(monitor).put("pool_id", poolId));
    }

    static ObjectNode monitorUpdate(DesiredHealthMonitor monitor) {
        var body = newMonitor(monitor);
        body.remove("type");
        if (Words.asksOverHttp(monitor.type())) {
            body.put("http_method", monitor.httpMethod());
            body.put("url_path", monitor.urlPath());
            body.put("expected_codes", monitor.expectedCodes());
        }
        return wrap("healthmonitor", body);
    }

    private static ObjectNode newMonitor(DesiredHealthMonitor monitor) {
        var body = JSON.objectNode()
                .put("name", monitor.name())
                .put("type", Words.of(monitor.type()))
                .put("delay", monitor.delaySeconds())
                .put("timeout", monitor.timeoutSeconds())
                .put("max_retries", monitor.maxRetries())
                .put("max_retries_down", monitor.maxRetriesDown())
                .put("admin_state_up", true);
        putIf(body, "http_method", monitor.httpMethod());
        putIf(body, "url_path", monitor.urlPath());
        putIf(body, "expected_codes", monitor.expectedCodes());
        return body;
    }

    static ObjectNode floatingIp(@Nullable String portId, @Nullable String fixedAddress) {
        var body = JSON.objectNode().put("port_id", portId);
        putIf(body, "fixed_ip_address", fixedAddress);
        return wrap("floatingip", body);
    }

    private static ObjectNode wrap(String name, ObjectNode body) {
        var outer = JSON.objectNode();
        outer.set(name, body);
        return outer;
    }

    private static void putIf(ObjectNode node, String name, @Nullable Integer value) {
        if (value != null) {
            node.put(name, value);
        }
    }

    private static void putIf(ObjectNode node, String name, @Nullable String value) {
        if (value != null) {
            node.put(name, value);
        }
    }

    private static ArrayNode texts(Collection<String> texts) {
        var array = JSON.arrayNode();
        texts.forEach(array::add);
        return array;
    }

    private static <T> ArrayNode array(List<T> items, Function<T, ObjectNode> render) {
        var array = JSON.arrayNode();
        items.forEach(item -> array.add(render.apply(item)));
        return array;
    }
}
