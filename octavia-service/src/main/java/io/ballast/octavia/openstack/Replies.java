package io.ballast.octavia.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import io.ballast.octavia.loadbalancer.FloatingIp;
import io.ballast.octavia.loadbalancer.LoadBalancerHead;
import io.ballast.octavia.loadbalancer.ObservedLoadBalancer;
import io.ballast.octavia.loadbalancer.ObservedLoadBalancer.Listener;
import io.ballast.octavia.loadbalancer.ObservedLoadBalancer.Member;
import io.ballast.octavia.loadbalancer.ObservedLoadBalancer.Monitor;
import io.ballast.octavia.loadbalancer.ObservedLoadBalancer.Pool;
import io.ballast.octavia.loadbalancer.ObservedLoadBalancer.Standing;
import io.ballast.octavia.loadbalancer.Words;
import io.ballast.schemas.contract.ObservedVip;
import io.ballast.schemas.contract.OperatingStatus;
import io.ballast.schemas.contract.ProvisioningStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** JSON of Octavia and Neutron to our records. Source: Octavia API v2 and Networking API v2 references. */
final class Replies {
    private Replies() {}

    static LoadBalancerHead head(JsonNode node) {
        var vips = new ArrayList<ObservedVip>();
        vips.add(vip(Json.text(node, "vip_address"), Json.text(node, "vip_port_id"), Json.text(node, "vip_subnet_id")));
        node.path("additional_vips")
                .forEach(each -> vips.add(
                        vip(Json.text(each, "ip_address"), Json.text(each, "port_id"), Json.text(each, "subnet_id"))));
        return new LoadBalancerHead(
                Json.text(node, "id"),
                Json.text(node, "name"),
                Json.text(node, "provider"),
                provisioning(node),
                operating(node),
                vips,
                new TreeSet<>(Json.texts(node, "tags")),
                Json.text(node, "created_at"),
                Json.text(node, "updated_at"),
                Json.ids(node, "listeners"),
                Json.ids(node, "pools"),
                isUp(node));
    }

    private static ObservedVip vip(String address, String portId, String subnetId) {
        return new ObservedVip(Words.canonical(address), portId, subnetId);
    }

    static Listener listener(JsonNode node) {
        return new Listener(
                Json.text(node, "id"),
                Json.text(node, "name"),
                Json.text(node, "protocol"),
                node.path("protocol_port").asInt(),
                Json.orNull(node, "default_pool_id"),
                node.path("connection_limit").asInt(-1),
                node.path("timeout_client_data").asInt(50_000),
                node.path("timeout_member_connect").asInt(5_000),
                node.path("timeout_member_data").asInt(50_000),
                node.path("timeout_tcp_inspect").asInt(0),
                Json.texts(node, "allowed_cidrs"),
                Json.map(node, "insert_headers"),
                Json.orNull(node, "default_tls_container_ref"),
                Json.texts(node, "sni_container_refs"),
                isUp(node),
                provisioning(node),
                operating(node));
    }

    /** A pool whose members and monitor were read apart, or stand inside it after a fully populated create. */
    static Pool pool(JsonNode node, List<Member> members, @Nullable Monitor monitor) {
        var persistence = node.path("session_persistence");
        return new Pool(
                Json.text(node, "id"),
                Json.text(node, "name"),
                Json.text(node, "protocol"),
                Json.text(node, "lb_algorithm"),
                Json.orNull(persistence, "type"),
                Json.numberOrNull(persistence, "persistence_timeout"),
                monitor,
                members,
                provisioning(node),
                isUp(node));
    }

    static Member member(JsonNode node) {
        return new Member(
                Json.text(node, "id"),
                Json.text(node, "name"),
                Json.text(node, "address"),
                node.path("protocol_port").asInt(),
                node.path("weight").asInt(1),
                node.path("backup").asBoolean(false),
                Json.orNull(node, "monitor_address"),
                Json.numberOrNull(node, "monitor_port"),
                provisioning(node),
                operating(node),
                Json.orNull(node, "subnet_id"),
                isUp(node));
    }

    static Monitor monitor(JsonNode node) {
        return new Monitor(
                Json.text(node, "id"),
                Json.text(node, "name"),
                Json.text(node, "type"),
                node.path("delay").asInt(),
                node.path("timeout").asInt(),
                node.path("max_retries").asInt(),
                node.path("max_retries_down").asInt(3),
                Json.orNull(node, "http_method"),
                Json.orNull(node, "url_path"),
                Json.orNull(node, "expected_codes"),
                provisioning(node),
                isUp(node));
    }

    /** The reply to a fully populated create: children in full, all of them pending. */
    static ObservedLoadBalancer created(JsonNode node) {
        var listeners = new ArrayList<Listener>();
        node.path("listeners").forEach(each -> {
            if (each.has("protocol")) {
                listeners.add(listener(each));
            }
        });
        var pools = new ArrayList<Pool>();
        node.path("pools").forEach(each -> {
            if (each.has("protocol")) {
                pools.add(pool(
                        each,
                        members(each.path("members")),
                        each.path("healthmonitor").has("type") ? monitor(each.path("healthmonitor")) : null));
            }
        });
        return new ObservedLoadBalancer(head(node), listeners, pools);
    }

    static List<Member> members(JsonNode nodes) {
        var all = new ArrayList<Member>();
        nodes.forEach(each -> all.add(member(each)));
        return all;
    }

    static FloatingIp floatingIp(JsonNode node) {
        return new FloatingIp(
                Json.text(node, "id"),
                Json.text(node, "floating_ip_address"),
                Json.text(node, "floating_network_id"),
                Json.orNull(node, "port_id"),
                Json.text(node, "description"));
    }

    /** The status tree. A pool appears below its listeners and beside them. */
    static ObservedLoadBalancer.Tree tree(JsonNode statuses) {
        var byId = new HashMap<String, Standing>();
        var members = new HashMap<String, String>();
        var loadBalancer = statuses.path("loadbalancer");
        loadBalancer.path("listeners").forEach(listener -> {
            byId.put(Json.text(listener, "id"), standing(listener));
            listener.path("pools").forEach(pool -> pool(pool, byId, members));
        });
        loadBalancer.path("pools").forEach(pool -> pool(pool, byId, members));
        return new ObservedLoadBalancer.Tree(byId, members);
    }

    private static void pool(JsonNode pool, Map<String, Standing> byId, Map<String, String> members) {
        var id = Json.text(pool, "id");
        byId.put(id, standing(pool));
        var monitor = pool.path(pool.has("health_monitor") ? "health_monitor" : "healthmonitor"); // LBaaS v2
        if (monitor.has("id")) {
            byId.put(Json.text(monitor, "id"), standing(monitor));
        }
        pool.path("members").forEach(member -> {
            byId.put(Json.text(member, "id"), standing(member));
            members.put(
                    id + " "
                            + Words.place(
                                    Json.text(member, "address"),
                                    member.path("protocol_port").asInt()),
                    Json.text(member, "id"));
        });
    }

    private static boolean isUp(JsonNode node) {
        return node.path("admin_state_up").asBoolean(true);
    }

    private static Standing standing(JsonNode node) {
        return new Standing(provisioning(node), operating(node));
    }

    private static ProvisioningStatus provisioning(JsonNode node) {
        return Json.symbol(
                ProvisioningStatus.class, Json.text(node, "provisioning_status"), ProvisioningStatus.UNKNOWN);
    }

    private static OperatingStatus operating(JsonNode node) {
        return Json.symbol(OperatingStatus.class, Json.text(node, "operating_status"), OperatingStatus.UNKNOWN);
    }
}
