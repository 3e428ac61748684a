package io.ballast.testbed.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Networks, subnets and routers: creating and changing; deleting, also of ports and security groups. */
final class NeutronNetworks {
    private final NeutronState state;
    private final NeutronPorts ports;

    NeutronNetworks(NeutronState state, NeutronPorts ports) {
        this.state = state;
        this.ports = ports;
    }

    Row createNetwork(JsonNode given, String projectId) {
        var doc = state.newDoc(projectId);
        doc.setAll(Json.object(
                "admin_state_up",
                true,
                "status",
                "ACTIVE",
                "shared",
                false,
                "router:external",
                false,
                "mtu",
                1442,
                "port_security_enabled",
                true,
                "availability_zone_hints",
                List.of(),
                "availability_zones",
                List.of(),
                "ipv4_address_scope",
                null,
                "ipv6_address_scope",
                null,
                "is_default",
                false,
                "qos_policy_id",
                null,
                "dns_domain",
                ""));
        Json.copy(
                given,
                doc,
                List.of("name", "description", "admin_state_up", "shared", "router:external", "mtu", "is_default"));
        return state.networks.add(Row.of(doc));
    }

    Row createSubnet(JsonNode given, String projectId) {
        var networkId = Json.text(given, "network_id");
        if (!state.networks.has(networkId)) {
            throw NeutronState.notFound("networks", networkId);
        }
        var cidr = Ip.Cidr.parse(Json.text(given, "cidr"))
                .orElseThrow(() -> badInput("'" + Json.text(given, "cidr") + "' is not a valid IP subnet"));
        for (var other : state.subnetsOf(networkId)) {
            var theirs = NeutronPorts.cidr(other);
            if (theirs.contains(cidr.first()) || cidr.contains(theirs.first())) {
                throw badInput("Requested subnet with cidr: " + cidr + " for network: " + networkId
                        + " overlaps with another subnet.");
            }
        }
        int version = given.path("ip_version").asInt(cidr.first().version());
        checkAddresses(given);
        var gateway = given.has("gateway_ip") && given.get("gateway_ip").isNull()
                ? null
                : Json.has(given, "gateway_ip")
                        ? Ip.of(Json.text(given, "gateway_ip"))
                        : cidr.first().plus(1);
        var doc = state.newDoc(projectId);
        doc.setAll(Json.object(
                "network_id",
                networkId,
                "ip_version",
                version,
                "cidr",
                cidr,
                "gateway_ip",
                gateway,
                "enable_dhcp",
                true,
                "ipv6_ra_mode",
                null,
                "ipv6_address_mode",
                null,
                "dns_nameservers",
                List.of(),
                "host_routes",
                List.of(),
                "subnetpool_id",
                null,
                "service_types",
                List.of(),
                "segment_id",
                null));
        Json.copy(given, doc, List.of("name", "description", "enable_dhcp", "dns_nameservers", "host_routes"));
        doc.set(
                "allocation_pools",
                given.path("allocation_pools").isArray()
                                && !given.path("allocation_pools").isEmpty()
                        ? given.get("allocation_pools").deepCopy()
                        : defaultPools(cidr, gateway));
        return state.subnets.add(Row.of(doc));
    }

    /** Refuses a gateway or an allocation pool that is no address. */
    private static void checkAddresses(JsonNode given) {
        var addresses = new ArrayList<String>();
        if (Json.has(given, "gateway_ip")) {
            addresses.add(Json.text(given, "gateway_ip"));
        }
        for (var pool : given.path("allocation_pools")) {
            addresses.add(Json.text(pool, "start"));
            addresses.add(Json.text(pool, "end"));
        }
        for (var address : addresses) {
            if (Ip.parse(address).isEmpty()) {
                throw badInput("'" + address + "' is not a valid IP address.");
            }
        }
    }

    void updateSubnet(Row subnet, JsonNode given) {
        checkAddresses(given);
        Json.copy(
                given,
                subnet.doc(),
                List.of(
                        "name",
                        "description",
                        "allocation_pools",
                        "gateway_ip",
                        "enable_dhcp",
                        "dns_nameservers",
                        "host_routes"));
        state.touch(subnet);
    }

    private static JsonNode defaultPools(Ip.Cidr cidr, @Nullable Ip gateway) {
        var first = cidr.first().plus(1);
        var last = cidr.first().version() == 4 ? cidr.last().plus(-1) : cidr.last();
        var pools = new ArrayList<ObjectNode>();
        if (gateway == null || !cidr.isHost(gateway)) {
            pools.add(range(first, last));
        } else {
            if (gateway.compareTo(first) > 0) {
                pools.add(range(first, gateway.plus(-1)));
            }
            if (gateway.compareTo(last) < 0) {
                pools.add(range(gateway.plus(1), last));
            }
        }
        return Json.array(pools);
    }

    private static ObjectNode range(Ip start, Ip end) {
        return Json.object("start", start, "end", end);
    }

    Row createRouter(JsonNode given, String projectId) {
        var doc = state.newDoc(projectId);
        doc.setAll(Json.object(
                "admin_state_up",
                true,
                "status",
                "ACTIVE",
                "external_gateway_info",
                null,
                "routes",
                List.of(),
                "availability_zone_hints",
                List.of(),
                "availability_zones",
                List.of(),
                "flavor_id",
                null));
        Json.copy(given, doc, List.of("name", "description", "admin_state_up"));
        var router = state.routers.add(Row.of(doc));
        if (Json.has(given, "external_gateway_info")) {
            setGateway(router, given.get("external_gateway_info"));
        }
        return router;
    }

    void updateRouter(Row router, JsonNode given) {
        Json.copy(given, router.doc(), List.of("name", "description", "admin_state_up", "routes"));
        if (given.has("external_gateway_info")) {
            setGateway(router, given.get("external_gateway_info"));
        }
        state.touch(router);
    }

    private void setGateway(Row router, JsonNode wanted) {
        state.ports
                .where(port -> port.text("device_id").equals(router.id())
                        && port.text("device_owner").equals("network:router_gateway"))
                .forEach(ports::delete);
        router.set("external_gateway_info", null);
        if (Json.has(wanted, "network_id")) {
            var networkId = Json.text(wanted, "network_id");
            if (!state.isExternal(networkId)) {
                throw ApiError.neutron(
                        400, "BadRequest", "Bad router request: Network " + networkId + " is not an external network.");
            }
            var port = ports.create(
                    "",
                    Json.object(
                            "network_id",
                            networkId,
                            "device_owner",
                            "network:router_gateway",
                            "device_id",
                            router.id()));
            router.set(
                    "external_gateway_info",
                    Json.object(
                            "network_id",
                            networkId,
                            "enable_snat",
                            true,
                            "external_fixed_ips",
                            port.doc().get("fixed_ips")));
        }
    }

    ModelReply addInterface(Row router, JsonNode given) {
        Row port;
        if (Json.has(given, "port_id")) {
            port = state.ports
                    .find(Json.text(given, "port_id"))
                    .orElseThrow(() -> NeutronState.notFound("ports", Json.text(given, "port_id")));
            port.set("device_id", router.id());
            port.set("device_owner", "network:router_interface");
        } else {
            var subnetId = Json.text(given, "subnet_id");
            var subnet = state.subnets.find(subnetId).orElseThrow(() -> NeutronState.notFound("subnets", subnetId));
            if (!Json.has(subnet.doc(), "gateway_ip")) {
                throw ApiError.neutron(
                        400, "BadRequest", "Bad router request: Subnet for router interface must have a gateway IP.");
            }
            var address = Json.object("subnet_id", subnetId, "ip_address", subnet.text("gateway_ip"));
            port = ports.create(
                    router.text("project_id"),
                    Json.object(
                            "network_id", subnet.text("network_id"),
                            "device_owner", "network:router_interface",
                            "device_id", router.id(),
                            "fixed_ips", List.of(address)));
        }
        port.set("status", "ACTIVE");
        return ModelReply.ok(interfaceDoc(router, port));
    }

    ModelReply removeInterface(Row router, JsonNode given) {
        var port = state
                .ports
                .where(each -> each.text("device_id").equals(router.id())
                        && each.text("device_owner").equals("network:router_interface")
                        && (each.id().equals(Json.text(given, "port_id"))
                                || Json.items(each.doc().path("fixed_ips")).stream()
                                        .anyMatch(ip ->
                                                Json.text(ip, "subnet_id").equals(Json.text(given, "subnet_id")))))
                .stream()
                .findFirst()
                .orElseThrow(() -> ApiError.neutron(
                        404, "RouterInterfaceNotFound", "Router " + router.id() + " does not have that interface."));
        ports.delete(port);
        return ModelReply.ok(interfaceDoc(router, port));
    }

    private static ObjectNode interfaceDoc(Row router, Row port) {
        return Json.object(
                "id", router.id(),
                "tenant_id", router.text("project_id"),
                "port_id", port.id(),
                "network_id", port.text("network_id"),
                "subnet_id", port.doc().at("/fixed_ips/0/subnet_id"),
                "subnet_ids", List.of(port.doc().at("/fixed_ips/0/subnet_id")));
    }

    void delete(String collection, Row row) {
        switch (collection) {
            case "networks" -> {
                requireUnused(
                        state.ports.all().stream()
                                .anyMatch(port -> port.text("network_id").equals(row.id())),
                        "NetworkInUse",
                        "Unable to complete operation on network " + row.id()
                                + ". There are one or more ports still in use on the network.");
                state.subnetsOf(row.id()).forEach(subnet -> state.subnets.remove(subnet.id()));
                state.networks.remove(row.id());
            }
            case "subnets" -> {
                requireUnused(
                        state.ports.all().stream()
                                .anyMatch(port -> Json.items(port.doc().path("fixed_ips")).stream()
                                        .anyMatch(
                                                ip -> Json.text(ip, "subnet_id").equals(row.id()))),
                        "SubnetInUse",
                        "Unable to complete operation on subnet " + row.id()
                                + ": One or more ports have an IP allocation from this subnet.");
                state.subnets.remove(row.id());
            }
            case "routers" -> {
                requireUnused(
                        state.ports.all().stream()
                                .anyMatch(port -> port.text("device_id").equals(row.id())
                                        && port.text("device_owner").equals("network:router_interface")),
                        "RouterInUse",
                        "Router " + row.id() + " still has ports");
                setGateway(row, Json.object());
                state.routers.remove(row.id());
            }
            case "ports" -> {
                requireUnused(
                        row.text("device_owner").startsWith("network:"),
                        "ServicePortInUse",
                        "Port " + row.id()
                                + " cannot be deleted directly via the port API: has device owner "
                                + row.text("device_owner") + ".");
                ports.delete(row);
            }
            case "security-groups" -> {
                requireUnused(
                        state.ports.all().stream()
                                .anyMatch(port -> Json.texts(port.doc().path("security_groups"))
                                        .contains(row.id())),
                        "SecurityGroupInUse",
                        "Security Group " + row.id() + " in use.");
                state.securityGroupRules
                        .where(rule -> rule.text("security_group_id").equals(row.id()))
                        .forEach(rule -> state.securityGroupRules.remove(rule.id()));
                state.securityGroups.remove(row.id());
            }
            default -> state.securityGroupRules.remove(row.id());
        }
    }

    private static void requireUnused(boolean used, String type, String message) {
        if (used) {
            throw ApiError.neutron(409, type, message);
        }
    }

    private static ApiError badInput(String text) {
        return ApiError.neutron(400, "InvalidInput", "Invalid input for operation: " + text);
    }
}
