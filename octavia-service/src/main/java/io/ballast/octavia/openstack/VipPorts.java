package io.ballast.octavia.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.ballast.octavia.loadbalancer.Failure;
import io.ballast.octavia.loadbalancer.VipHolder;
import io.ballast.openstack.RestRequest;
import io.ballast.openstack.RestRequest.Api;
import io.ballast.schemas.contract.GrantedVip;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The Neutron ports that hold VIPs, and the load balancers they were made for. */
final class VipPorts {
    private final Pages pages;
    private final Api api;

    /** @param api whose load balancers they are */
    VipPorts(Pages pages, Api api) {
        this.pages = pages;
        this.api = api;
    }

    /** At most one port for each VIP: Neutron gives an address of a subnet once. */
    List<VipHolder> holding(List<GrantedVip> vips) throws FailedException {
        var holders = new ArrayList<VipHolder>();
        for (var vip : vips) {
            var ports = pages.all(
                    RestRequest.get(Api.NETWORK, "/v2.0/ports")
                            .with("fixed_ips", "subnet_id=" + vip.subnetId())
                            .with("fixed_ips", "ip_address=" + vip.address()),
                    "ports");
            for (var port : ports) {
                if (holds(port, vip)) {
                    holders.add(holder(port, vip.address()));
                }
            }
        }
        return holders;
    }

    private static boolean holds(JsonNode port, GrantedVip vip) {
        for (var fixed : port.path("fixed_ips")) {
            if (Json.text(fixed, "subnet_id").equals(vip.subnetId())
                    && Json.text(fixed, "ip_address").toLowerCase(Locale.ROOT).equals(vip.address())) {
                return true;
            }
        }
        return false;
    }

    private VipHolder holder(JsonNode port, String address) throws FailedException {
        var name = Json.text(port, "name");
        var deviceOwner = Json.text(port, "device_owner");
        var deviceId = Json.text(port, "device_id");
        var id = VipHolder.loadBalancerOf(name, deviceOwner, deviceId).orElse("");
        var state = VipHolder.LoadBalancer.NONE;
        var words = "";
        if (!id.isEmpty()) {
            var found = loadBalancer(id);
            state = found.isMissingNode() ? VipHolder.LoadBalancer.GONE : VipHolder.LoadBalancer.THERE;
            words = found.isMissingNode() ? "" : words(id, found);
        }
        return new VipHolder(address, Json.text(port, "id"), name, deviceOwner, deviceId, state, words);
    }

    /** Missing when there is none; null when it is another project's, of which we are told nothing. */
    private JsonNode loadBalancer(String id) throws FailedException {
        try {
            var found = pages.find(api, OctaviaCalls.LBAAS + "loadbalancers/" + id);
            return found == null ? MissingNode.getInstance() : found.path("loadbalancer");
        } catch (FailedException e) {
            if (e.failure.kind() == Failure.Kind.FORBIDDEN) {
                return NullNode.getInstance();
            }
            throw e;
        }
    }

    private static String words(String id, JsonNode loadBalancer) {
        if (loadBalancer.isNull()) {
            return "load balancer %s of another project".formatted(id);
        }
        return Replies.head(loadBalancer)
                .identity()
                .map(identity -> "load balancer %s (%s) of %s in cluster %s"
                        .formatted(id, Json.text(loadBalancer, "name"), identity.key(), identity.clusterUid()))
                .orElseGet(() -> "load balancer %s (%s), which has no tags of ours"
                        .formatted(id, Json.text(loadBalancer, "name")));
    }
}
