package io.ballast.testbed.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The Neutron objects of a load balancer: its VIP port, and the amphorae's ports. */
final class OctaviaVips {
    private final World world;
    private final OctaviaState state;
    private final NeutronModel neutron;
    private final String serviceProject;
    private final boolean activeStandby;
    /** Load balancers whose VIP port their caller made: it outlives them. */
    private final Set<String> keepsPort = new HashSet<>();
    /** An amphora's ports on member subnets: amphora, subnet, port. */
    private final Map<String, Map<String, String>> memberPorts = new HashMap<>();

    OctaviaVips(World world, OctaviaState state, NeutronModel neutron, String serviceProject, boolean activeStandby) {
        this.world = world;
        this.state = state;
        this.neutron = neutron;
        this.serviceProject = serviceProject;
        this.activeStandby = activeStandby;
    }

    /** Where the VIP shall be. {@code portId} is empty unless the caller gave one. */
    record Place(String networkId, String subnetId, String address, String portId) {}

    /** Reads the VIP fields of a create; 400 when they name nothing or something that is not there. */
    Place place(JsonNode given, Caller caller) {
        var address = Json.text(given, "vip_address");
        if (Json.has(given, "vip_port_id")) {
            return placeOnPort(given, caller, address);
        }
        if (Json.has(given, "vip_network_id")) {
            var networkId = Json.text(given, "vip_network_id");
            if (!isVisible("networks", networkId, caller)) {
                throw ApiError.octavia(400, "Network " + networkId + " not found.");
            }
            return new Place(networkId, subnetIn(networkId, given, address), address, "");
        }
        if (Json.has(given, "vip_subnet_id")) {
            var subnet = subnet(Json.text(given, "vip_subnet_id"), caller);
            return new Place(subnet.text("network_id"), subnet.id(), address, "");
        }
        throw ApiError.invalid("VIP must contain one of: vip_port_id, vip_network_id, vip_subnet_id.");
    }

    private Place placeOnPort(JsonNode given, Caller caller, String address) {
        var portId = Json.text(given, "vip_port_id");
        if (!isVisible("ports", portId, caller)) {
            throw ApiError.octavia(400, "Port " + portId + " not found.");
        }
        var port = neutron.state.ports.get(portId);
        var fixed = Json.items(port.doc().path("fixed_ips")).stream()
                .filter(each ->
                        address.isEmpty() || Json.text(each, "ip_address").equals(address))
                .filter(each -> !Json.has(given, "vip_subnet_id")
                        || Json.text(each, "subnet_id").equals(Json.text(given, "vip_subnet_id")))
                .toList();
        if (fixed.isEmpty()) {
            throw ApiError.invalid("Specified VIP address not found on the specified VIP port.");
        }
        if (fixed.size() > 1) {
            throw ApiError.invalid(
                    "VIP port's subnet could not be determined. Please specify either a VIP subnet or address.");
        }
        return new Place(
                port.text("network_id"),
                Json.text(fixed.getFirst(), "subnet_id"),
                Json.text(fixed.getFirst(), "ip_address"),
                portId);
    }

    private String subnetIn(String networkId, JsonNode given, String address) {
        if (Json.has(given, "vip_subnet_id")) {
            var subnet = Json.text(given, "vip_subnet_id");
            if (neutron.state.subnetsOf(networkId).stream()
                    .noneMatch(row -> row.id().equals(subnet))) {
                throw ApiError.octavia(400, "Subnet " + subnet + " not found.");
            }
            return subnet;
        }
        if (!address.isEmpty()) {
            return neutron.state.subnetsOf(networkId).stream()
                    .filter(row -> NeutronPorts.cidr(row).contains(Ip.of(address)))
                    .findFirst()
                    .map(Row::id)
                    .orElseThrow(() ->
                            ApiError.invalid("Supplied network does not contain a subnet for VIP address specified."));
        }
        return neutron.ports
                .preferredSubnet(networkId)
                .map(Row::id)
                .orElseThrow(() -> ApiError.invalid("Supplied network does not contain a subnet."));
    }

    Row subnet(String id, Caller caller) {
        if (!isVisible("subnets", id, caller)) {
            throw ApiError.octavia(400, "Subnet " + id + " not found.");
        }
        return neutron.state.subnets.get(id);
    }

    private boolean isVisible(String collection, String id, Caller caller) {
        return neutron.state
                .table(collection)
                .orElseThrow()
                .find(id)
                .filter(row -> neutron.state.isVisible(collection, row, caller))
                .isPresent();
    }

    boolean isInSubnet(String subnetId, String address) {
        return neutron.state
                .subnets
                .find(subnetId)
                .filter(row -> NeutronPorts.cidr(row).contains(Ip.of(address)))
                .isPresent();
    }

    /** Makes or takes the VIP port and writes the VIP fields into the document; 500 when Neutron refuses. */
    void allocate(ObjectNode doc, Provider provider, Place place, JsonNode additional) {
        var id = Json.text(doc, "id");
        Row port;
        if (!place.portId().isEmpty() && provider == Provider.AMPHORA) {
            port = neutron.state.ports.get(place.portId());
            keepsPort.add(id);
        } else {
            port = createPort(id, Json.text(doc, "project_id"), provider, place, additional);
        }
        var fixed = port.doc().path("fixed_ips");
        doc.put("vip_port_id", port.id());
        doc.put("vip_network_id", place.networkId());
        doc.put("vip_subnet_id", place.subnetId());
        doc.put("vip_address", place.portId().isEmpty() ? Json.text(fixed.path(0), "ip_address") : place.address());
        var more = new ArrayList<JsonNode>();
        for (int i = 1; i <= additional.size() && i < fixed.size(); i++) {
            more.add(fixed.get(i).deepCopy());
        }
        // the ovn provider shows what was asked for, and nothing holds those addresses
        doc.set("additional_vips", provider == Provider.OVN ? additional.deepCopy() : Json.array(more));
    }

    private Row createPort(String id, String projectId, Provider provider, Place place, JsonNode additional) {
        var fixed = new ArrayList<JsonNode>();
        fixed.add(address(place.subnetId(), place.address()));
        var amphora = provider == Provider.AMPHORA;
        if (amphora) {
            additional.forEach(each -> fixed.add(address(Json.text(each, "subnet_id"), Json.text(each, "ip_address"))));
        }
        try {
            return neutron.ports.create(
                    projectId,
                    Json.object(
                            "network_id",
                            place.networkId(),
                            "name",
                            (amphora ? "octavia-lb-" : "ovn-lb-vip-") + id,
                            "device_owner",
                            amphora ? "Octavia" : "",
                            "device_id",
                            amphora ? "lb-" + id : "",
                            "admin_state_up",
                            !amphora,
                            "fixed_ips",
                            fixed));
        } catch (ApiError e) {
            throw OctaviaRules.reports(
                    provider,
                    e.reply().errorText() + "\nNeutron server returns request_ids: ['req-" + world.ids.next() + "']");
        }
    }

    private static ObjectNode address(String subnetId, String address) {
        var doc = Json.object("subnet_id", subnetId);
        if (!address.isEmpty()) {
            doc.put("ip_address", address);
        }
        return doc;
    }

    /** Removes the VIP port, unless it was the caller's. */
    void release(Row loadBalancer) {
        if (!keepsPort.remove(loadBalancer.id())) {
            neutron.state.ports.find(loadBalancer.text("vip_port_id")).ifPresent(neutron.ports::delete);
        }
    }

    /** Makes the amphorae and their vrrp ports, out of the allocation pool; false when it is exhausted. */
    boolean plug(Row loadBalancer) {
        for (int i = 0; i < (activeStandby ? 2 : 1); i++) {
            var id = world.ids.next();
            var computeId = world.ids.next();
            try {
                var fixed = new ArrayList<JsonNode>();
                fixed.add(address(loadBalancer.text("vip_subnet_id"), ""));
                loadBalancer
                        .doc()
                        .path("additional_vips")
                        .forEach(each -> fixed.add(address(Json.text(each, "subnet_id"), "")));
                var port = neutron.ports.create(
                        serviceProject,
                        Json.object(
                                "network_id",
                                loadBalancer.text("vip_network_id"),
                                "name",
                                "octavia-lb-vrrp-" + id,
                                "device_owner",
                                "Octavia",
                                "device_id",
                                computeId,
                                "allowed_address_pairs",
                                List.of(Json.object("ip_address", loadBalancer.text("vip_address"))),
                                "fixed_ips",
                                fixed));
                state.amphorae.add(new Row(id, loadBalancer.id(), "", amphora(id, computeId, loadBalancer, port, i)));
            } catch (ApiError _) {
                unplug(loadBalancer.id());
                return false;
            }
        }
        return true;
    }

    private ObjectNode amphora(String id, String computeId, Row loadBalancer, Row port, int index) {
        return Json.object(
                "id",
                id,
                "loadbalancer_id",
                loadBalancer.id(),
                "compute_id",
                computeId,
                "status",
                "ALLOCATED",
                "role",
                !activeStandby ? "STANDALONE" : index == 0 ? "MASTER" : "BACKUP",
                "vrrp_priority",
                index == 0 ? 100 : 90,
                "vrrp_port_id",
                port.id(),
                "vrrp_ip",
                port.doc().at("/fixed_ips/0/ip_address"),
                "ha_ip",
                loadBalancer.text("vip_address"),
                "ha_port_id",
                loadBalancer.text("vip_port_id"),
                "lb_network_ip",
                "192.168.0.1");
    }

    /** Gives each amphora a port on each member subnet that is not the VIP's, and takes back those no longer needed. */
    void plugMemberSubnets(Row loadBalancer) {
        var wanted = new TreeSet<String>();
        for (var member : state.table(Kind.MEMBER).ofLoadBalancer(loadBalancer.id())) {
            wanted.add(member.text("subnet_id"));
        }
        wanted.remove("");
        wanted.remove(loadBalancer.text("vip_subnet_id"));
        for (var amphora : state.amphorae.ofLoadBalancer(loadBalancer.id())) {
            var legs = memberPorts.computeIfAbsent(amphora.id(), _ -> new TreeMap<>());
            for (var subnetId : List.copyOf(legs.keySet())) {
                if (!wanted.contains(subnetId)) {
                    neutron.state.ports.find(legs.remove(subnetId)).ifPresent(neutron.ports::delete);
                }
            }
            for (var subnetId : wanted) {
                if (!legs.containsKey(subnetId)) {
                    plugMemberSubnet(amphora, subnetId).ifPresent(port -> legs.put(subnetId, port.id()));
                }
            }
        }
    }

    private Optional<Row> plugMemberSubnet(Row amphora, String subnetId) {
        try {
            return Optional.of(neutron.ports.create(
                    serviceProject,
                    Json.object(
                            "network_id", neutron.state.subnets.get(subnetId).text("network_id"),
                            "device_owner", "compute:nova",
                            "device_id", amphora.text("compute_id"),
                            "fixed_ips", List.of(address(subnetId, "")))));
        } catch (ApiError _) {
            // a full member subnet leaves the amphora without a leg there; the load balancer goes on
            return Optional.empty();
        }
    }

    /** Removes the amphorae and their ports. */
    void unplug(String loadBalancerId) {
        for (var amphora : state.amphorae.ofLoadBalancer(loadBalancerId)) {
            for (var portId : memberPorts.getOrDefault(amphora.id(), Map.of()).values()) {
                neutron.state.ports.find(portId).ifPresent(neutron.ports::delete);
            }
            memberPorts.remove(amphora.id());
            neutron.state.ports.find(amphora.text("vrrp_port_id")).ifPresent(neutron.ports::delete);
            state.amphorae.remove(amphora.id());
        }
    }
}
