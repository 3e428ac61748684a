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

/**
 * Ports and the addresses they hold. An address is held once per subnet, compared as a number. Automatic addresses are the
 * lowest free ones of the allocation pools (the real service picks at random there).
 */
final class NeutronPorts {
    private static final List<String> WRITABLE = List.of(
            "name",
            "description",
            "admin_state_up",
            "device_id",
            "device_owner",
            "allowed_address_pairs",
            "security_groups",
            "port_security_enabled",
            "mac_address",
            "binding:host_id",
            "binding:profile",
            "binding:vnic_type",
            "dns_name",
            "extra_dhcp_opts",
            "qos_policy_id");
    private static final Set<String> ONLY_NEW = Set.of("network_id", "fixed_ips", "project_id", "tenant_id", "tags");

    private final NeutronState state;
    private final Map<String, Set<Ip>> heldBySubnet = new HashMap<>();
    private final Map<String, Ip> lowestMaybeFree = new HashMap<>();
    private long macs;

    NeutronPorts(NeutronState state) {
        this.state = state;
    }

    /** Makes a port as one of the services would: no policy, no quota. Throws Neutron's own errors. */
    Row create(String projectId, JsonNode given) {
        var networkId = Json.text(given, "network_id");
        if (!state.networks.has(networkId)) {
            throw NeutronState.notFound("networks", networkId);
        }
        var doc = state.newDoc(projectId);
        doc.setAll(Json.object(
                "network_id",
                networkId,
                "admin_state_up",
                true,
                "status",
                "DOWN",
                "mac_address",
                nextMac(),
                "device_id",
                "",
                "device_owner",
                "",
                "allowed_address_pairs",
                List.of(),
                "security_groups",
                List.of(),
                "port_security_enabled",
                true,
                "extra_dhcp_opts",
                List.of(),
                "binding:vnic_type",
                "normal",
                "qos_policy_id",
                null,
                "dns_name",
                ""));
        Json.copy(given, doc, WRITABLE);
        Json.copy(given, doc, List.of("tags"));
        doc.set("fixed_ips", Json.array(allocate(networkId, given.path("fixed_ips"))));
        return state.ports.add(Row.of(doc));
    }

    ObjectNode checked(JsonNode given, boolean update) {
        for (var name : Json.fieldNames(given)) {
            if (!WRITABLE.contains(name) && !name.equals("fixed_ips") && (update || !ONLY_NEW.contains(name))) {
                throw ApiError.neutron(
                        400,
                        "HTTPBadRequest",
                        ONLY_NEW.contains(name)
                                ? "Cannot update read-only attribute " + name
                                : "Unrecognized attribute(s) '" + name + "'");
            }
        }
        return (ObjectNode) given;
    }

    void update(Row port, JsonNode given) {
        checked(given, true);
        if (given.has("fixed_ips")) {
            var before = Json.items(port.doc().path("fixed_ips"));
            free(before);
            try {
                port.set("fixed_ips", allocate(port.text("network_id"), given.path("fixed_ips")));
            } catch (ApiError e) {
                before.forEach(each -> hold(Json.text(each, "subnet_id"), Ip.of(Json.text(each, "ip_address"))));
                throw e;
            }
        }
        Json.copy(given, port.doc(), WRITABLE);
        state.touch(port);
    }

    /** Removes a port, frees its addresses and lets its floating IPs go. */
    void delete(Row port) {
        free(Json.items(port.doc().path("fixed_ips")));
        state.ports.remove(port.id());
        for (var floatingIp :
                state.floatingIps.where(each -> each.text("port_id").equals(port.id()))) {
            disassociate(floatingIp);
        }
    }

    void disassociate(Row floatingIp) {
        for (var field : List.of("port_id", "fixed_ip_address", "router_id")) {
            floatingIp.set(field, null);
        }
        floatingIp.set("status", "DOWN");
        state.touch(floatingIp);
    }

    /** The first IPv4 subnet of a network, else its first one: where an address goes when only the network is named. */
    Optional<Row> preferredSubnet(String networkId) {
        var subnets = state.subnetsOf(networkId);
        return subnets.stream()
                .filter(row -> row.doc().path("ip_version").asInt() == 4)
                .findFirst()
                .or(() -> subnets.stream().findFirst());
    }

    boolean isHeld(String subnetId, Ip ip) {
        return heldBySubnet.getOrDefault(subnetId, Set.of()).contains(ip);
    }

    /** How many addresses of a subnet's pools nobody holds; at most {@code limit} are counted. */
    int freeInPools(String subnetId, int limit) {
        int found = 0;
        for (var pool : pools(state.subnets.get(subnetId))) {
            for (var ip = pool.start(); ip.compareTo(pool.end()) <= 0 && found < limit; ip = ip.plus(1)) {
                found += isHeld(subnetId, ip) ? 0 : 1;
            }
        }
        return found;
    }

    private List<JsonNode> allocate(String networkId, JsonNode wanted) {
        var taken = new ArrayList<JsonNode>();
        try {
            if (wanted.isArray()) {
                wanted.forEach(each -> taken.add(allocateOne(networkId, each)));
            } else {
                var subnets = state.subnetsOf(networkId);
                for (int version : new int[] {4, 6}) {
                    subnets.stream()
                            .filter(row -> row.doc().path("ip_version").asInt() == version)
                            .findFirst()
                            .ifPresent(row -> taken.add(automatic(row)));
                }
            }
            return taken;
        } catch (ApiError e) {
            free(taken);
            throw e;
        }
    }

    private JsonNode allocateOne(String networkId, JsonNode wanted) {
        var address = Json.text(wanted, "ip_address");
        if (address.isEmpty()) {
            return automatic(subnet(networkId, Json.text(wanted, "subnet_id")));
        }
        var ip = Ip.parse(address)
                .orElseThrow(() -> ApiError.neutron(
                        400,
                        "HTTPBadRequest",
                        "Invalid input for fixed_ips. Reason: '" + address + "' is not a valid IP address."));
        var subnet = Json.has(wanted, "subnet_id")
                ? subnet(networkId, Json.text(wanted, "subnet_id"))
                : state.subnetsOf(networkId).stream()
                        .filter(row -> cidr(row).contains(ip))
                        .findFirst()
                        .orElseThrow(() -> ApiError.neutron(
                                400,
                                "InvalidIpForNetwork",
                                "IP address " + address
                                        + " is not a valid IP for any of the subnets on the specified network."));
        if (!cidr(subnet).isHost(ip)) {
            throw ApiError.neutron(
                    400,
                    "InvalidIpForSubnet",
                    "IP address " + address + " is not a valid IP for the specified subnet.");
        }
        if (!hold(subnet.id(), ip)) {
            throw ApiError.neutron(
                    409,
                    "IpAddressAlreadyAllocated",
                    "IP address " + ip + " already allocated in subnet " + subnet.id());
        }
        return Json.object("subnet_id", subnet.id(), "ip_address", ip);
    }

    private Row subnet(String networkId, String id) {
        var subnet = state.subnets.find(id).orElseThrow(() -> NeutronState.notFound("subnets", id));
        if (!subnet.text("network_id").equals(networkId)) {
            throw ApiError.neutron(
                    400,
                    "InvalidInput",
                    "Invalid input for operation: Failed to create port on network " + networkId
                            + ", because fixed_ips included invalid subnet " + id + ".");
        }
        return subnet;
    }

    private JsonNode automatic(Row subnet) {
        var hint = lowestMaybeFree.get(subnet.id());
        for (var pool : pools(subnet)) {
            var from = hint != null && hint.compareTo(pool.start()) > 0 ? hint : pool.start();
            for (var ip = from; ip.compareTo(pool.end()) <= 0; ip = ip.plus(1)) {
                if (hold(subnet.id(), ip)) {
                    lowestMaybeFree.put(subnet.id(), ip.plus(1));
                    return Json.object("subnet_id", subnet.id(), "ip_address", ip);
                }
            }
        }
        throw ApiError.neutron(
                409,
                "IpAddressGenerationFailure",
                "No more IP addresses available on network " + subnet.text("network_id") + ".");
    }

    private boolean hold(String subnetId, Ip ip) {
        return heldBySubnet.computeIfAbsent(subnetId, _ -> new HashSet<>()).add(ip);
    }

    private void free(List<JsonNode> addresses) {
        for (var each : addresses) {
            var subnetId = Json.text(each, "subnet_id");
            var ip = Ip.of(Json.text(each, "ip_address"));
            heldBySubnet.getOrDefault(subnetId, new HashSet<>()).remove(ip);
            lowestMaybeFree.computeIfPresent(subnetId, (_, hint) -> ip.compareTo(hint) < 0 ? ip : hint);
        }
    }

    record Range(Ip start, Ip end) {}

    static List<Range> pools(Row subnet) {
        var found = new ArrayList<Range>();
        for (var pool : subnet.doc().path("allocation_pools")) {
            found.add(new Range(Ip.of(Json.text(pool, "start")), Ip.of(Json.text(pool, "end"))));
        }
        return found;
    }

    static Ip.Cidr cidr(Row subnet) {
        return Ip.Cidr.parse(subnet.text("cidr")).orElseThrow();
    }

    private String nextMac() {
        macs++;
        return String.format("fa:16:3e:%02x:%02x:%02x", macs >> 16 & 255, macs >> 8 & 255, macs & 255);
    }
}
