package io.ballast.testbed.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Floating IPs: an address of an external network, held by a port there, mapped to at most one fixed IPv4 address. A fixed
 * address has at most one of each external network, and its subnet must reach that network through a router.
 */
final class NeutronFloatingIps {
    private static final Set<String> NEW = Set.of(
            "floating_network_id",
            "port_id",
            "fixed_ip_address",
            "description",
            "floating_ip_address",
            "subnet_id",
            "project_id",
            "tenant_id",
            "dns_name",
            "dns_domain",
            "qos_policy_id");
    private static final Set<String> WRITABLE = Set.of("port_id", "fixed_ip_address", "description", "qos_policy_id");

    private final NeutronState state;
    private final NeutronPorts ports;

    NeutronFloatingIps(NeutronState state, NeutronPorts ports) {
        this.state = state;
        this.ports = ports;
    }

    Row create(JsonNode given, Caller caller) {
        rejectUnknown(given, NEW);
        var networkId = Json.text(given, "floating_network_id");
        if (!state.networks.has(networkId)) {
            throw NeutronState.notFound("networks", networkId);
        }
        if (!state.isExternal(networkId)) {
            throw bad("Network " + networkId + " is not a valid external network.");
        }
        if (Json.has(given, "floating_ip_address") && !caller.isAdmin()) {
            throw ApiError.neutron(
                    403,
                    "PolicyNotAuthorized",
                    "(rule:create_floatingip and rule:create_floatingip:floating_ip_address) is disallowed by policy");
        }
        var target = target(given, caller, networkId, "");
        var doc = state.newDoc(Json.has(given, "project_id") ? Json.text(given, "project_id") : caller.projectId());
        doc.remove("name");
        var wanted = Json.object();
        if (Json.has(given, "floating_ip_address")) {
            wanted.set("ip_address", given.get("floating_ip_address"));
        }
        wanted.put(
                "subnet_id",
                Json.has(given, "subnet_id")
                        ? Json.text(given, "subnet_id")
                        : ports.preferredSubnet(networkId).map(Row::id).orElse(""));
        var port = ports.create(
                "",
                Json.object(
                        "network_id",
                        networkId,
                        "device_owner",
                        "network:floatingip",
                        "device_id",
                        Json.text(doc, "id"),
                        "fixed_ips",
                        List.of(wanted)));
        doc.setAll(Json.object(
                "floating_network_id",
                networkId,
                "floating_ip_address",
                port.doc().at("/fixed_ips/0/ip_address"),
                "description",
                Json.text(given, "description"),
                "status",
                "DOWN",
                "port_id",
                null,
                "fixed_ip_address",
                null,
                "router_id",
                null,
                "dns_name",
                "",
                "dns_domain",
                "",
                "qos_policy_id",
                null,
                "port_forwardings",
                List.of()));
        var row = state.floatingIps.add(Row.of(doc));
        target.ifPresent(found -> associate(row, found));
        return row;
    }

    void update(Row row, JsonNode given, Caller caller) {
        rejectUnknown(given, WRITABLE);
        if (given.has("port_id")) {
            if (Json.has(given, "port_id")) {
                associate(
                        row,
                        target(given, caller, row.text("floating_network_id"), row.id())
                                .orElseThrow());
            } else {
                ports.disassociate(row);
            }
        }
        Json.copy(given, row.doc(), List.of("description", "qos_policy_id"));
        state.touch(row);
    }

    void delete(Row row) {
        state.floatingIps.remove(row.id());
        state.ports
                .where(port -> port.text("device_id").equals(row.id())
                        && port.text("device_owner").equals("network:floatingip"))
                .forEach(ports::delete);
    }

    private record Target(Row port, String fixedAddress, String routerId) {}

    private static void associate(Row row, Target target) {
        row.set("port_id", target.port().id());
        row.set("fixed_ip_address", target.fixedAddress());
        row.set("router_id", target.routerId());
        row.set("status", "ACTIVE");
    }

    private Optional<Target> target(JsonNode given, Caller caller, String networkId, String ownId) {
        if (!Json.has(given, "port_id")) {
            return Optional.empty();
        }
        var portId = Json.text(given, "port_id");
        var port = state.visible("ports", portId, caller);
        var fixed = fixedAddress(port, Json.text(given, "fixed_ip_address"));
        var address = Json.text(fixed, "ip_address");
        var router = router(Json.text(fixed, "subnet_id"), networkId)
                .orElseThrow(() -> ApiError.neutron(
                        404,
                        "ExternalGatewayForFloatingIPNotFound",
                        "External network " + networkId + " is not reachable from subnet "
                                + Json.text(fixed, "subnet_id") + ".  Therefore, cannot associate Port " + portId
                                + " with a Floating IP."));
        state.floatingIps.all().stream()
                .filter(each -> !each.id().equals(ownId) && each.text("port_id").equals(portId))
                .filter(each -> each.text("fixed_ip_address").equals(address))
                .filter(each -> each.text("floating_network_id").equals(networkId))
                .findFirst()
                .ifPresent(each -> {
                    throw ApiError.neutron(
                            409,
                            "FloatingIPPortAlreadyAssociated",
                            "Cannot associate floating IP " + each.text("floating_ip_address") + " (" + each.id()
                                    + ") with port " + portId + " using fixed IP " + address
                                    + ", as that fixed IP already has a floating IP on external network " + networkId
                                    + ".");
                });
        return Optional.of(new Target(port, address, router));
    }

    private static JsonNode fixedAddress(Row port, String wanted) {
        var candidates = Json.items(port.doc().path("fixed_ips")).stream()
                .filter(each -> Json.text(each, "ip_address").indexOf(':') < 0)
                .toList();
        if (!wanted.isEmpty()) {
            return candidates.stream()
                    .filter(each -> Json.text(each, "ip_address").equals(wanted))
                    .findFirst()
                    .orElseThrow(() -> bad("Port " + port.id() + " does not have fixed ip " + wanted + "."));
        }
        if (candidates.isEmpty()) {
            throw bad("Cannot add floating IP to port " + port.id() + " that has no fixed IPv4 addresses.");
        }
        if (candidates.size() > 1) {
            throw bad(
                    "Port " + port.id()
                            + " has multiple fixed IPv4 addresses.  Must provide a specific IPv4 address when assigning a floating IP");
        }
        return candidates.getFirst();
    }

    /** The router with a leg in the subnet and its gateway on the external network. */
    private Optional<String> router(String subnetId, String externalNetworkId) {
        return state.ports.all().stream()
                .filter(port -> port.text("device_owner").equals("network:router_interface"))
                .filter(port -> Json.items(port.doc().path("fixed_ips")).stream()
                        .anyMatch(each -> Json.text(each, "subnet_id").equals(subnetId)))
                .map(port -> port.text("device_id"))
                .filter(router -> state.routers
                        .find(router)
                        .filter(row -> Json.text(row.doc().path("external_gateway_info"), "network_id")
                                .equals(externalNetworkId))
                        .isPresent())
                .findFirst();
    }

    private static void rejectUnknown(JsonNode given, Set<String> known) {
        for (var name : Json.fieldNames(given)) {
            if (!known.contains(name)) {
                throw ApiError.neutron(400, "HTTPBadRequest", "Unrecognized attribute(s) '" + name + "'");
            }
        }
    }

    private static ApiError bad(String text) {
        return ApiError.neutron(400, "BadRequest", "Bad floatingip request: " + text);
    }
}
