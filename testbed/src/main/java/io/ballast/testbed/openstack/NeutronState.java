package io.ballast.testbed.openstack;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/** Neutron's tables, and what is shown of them to whom. */
final class NeutronState {
    /** Collections in which there is never anything. */
    static final List<String> ALWAYS_EMPTY = List.of(
            "agents",
            "availability_zones",
            "subnetpools",
            "address-scopes",
            "service-providers",
            "address-groups",
            "trunks");

    final Table networks = new Table();
    final Table subnets = new Table();
    final Table ports = new Table();
    final Table routers = new Table();
    final Table floatingIps = new Table();
    final Table securityGroups = new Table();
    final Table securityGroupRules = new Table();
    private final World world;

    NeutronState(World world) {
        this.world = world;
    }

    Optional<Table> table(String collection) {
        return switch (collection) {
            case "networks" -> Optional.of(networks);
            case "subnets" -> Optional.of(subnets);
            case "ports" -> Optional.of(ports);
            case "routers" -> Optional.of(routers);
            case "floatingips" -> Optional.of(floatingIps);
            case "security-groups" -> Optional.of(securityGroups);
            case "security-group-rules" -> Optional.of(securityGroupRules);
            default -> Optional.empty();
        };
    }

    /** The word for one thing of a collection, as it is in bodies. */
    static String singular(String collection) {
        return collection.substring(0, collection.length() - 1).replace('-', '_');
    }

    /** The first part of an error type: {@code Port} of {@code PortNotFound}. */
    static String label(String collection) {
        return switch (collection) {
            case "networks" -> "Network";
            case "subnets" -> "Subnet";
            case "ports" -> "Port";
            case "routers" -> "Router";
            case "floatingips" -> "FloatingIP";
            case "security-groups" -> "SecurityGroup";
            default -> "SecurityGroupRule";
        };
    }

    static ApiError notFound(String collection, String id) {
        var words =
                switch (collection) {
                    case "floatingips" -> "Floating IP " + id + " could not be found";
                    case "routers" -> "Router " + id + " could not be found";
                    case "security-groups" -> "Security group " + id + " does not exist";
                    case "security-group-rules" -> "Security group rule " + id + " does not exist";
                    default -> label(collection) + " " + id + " could not be found.";
                };
        return ApiError.neutron(404, label(collection) + "NotFound", words);
    }

    /** The row, if the caller may see it. */
    Row visible(String collection, String id, Caller caller) {
        return table(collection)
                .flatMap(table -> table.find(id))
                .filter(row -> isVisible(collection, row, caller))
                .orElseThrow(() -> notFound(collection, id));
    }

    boolean isVisible(String collection, Row row, Caller caller) {
        if (caller.owns(row.text("project_id"))) {
            return true;
        }
        return switch (collection) {
            case "networks" -> isExternal(row.id()) || row.doc().path("shared").asBoolean();
            case "subnets" ->
                networks.find(row.text("network_id"))
                        .filter(network -> network.doc().path("shared").asBoolean())
                        .isPresent();
            case "ports" ->
                networks.find(row.text("network_id"))
                        .filter(network -> caller.owns(network.text("project_id")))
                        .isPresent();
            default -> false;
        };
    }

    boolean isExternal(String networkId) {
        return networks.find(networkId)
                .filter(row -> row.doc().path("router:external").asBoolean())
                .isPresent();
    }

    List<Row> subnetsOf(String networkId) {
        return subnets.where(row -> row.text("network_id").equals(networkId));
    }

    /** A document with what every Neutron resource has; tags and revision included. */
    ObjectNode newDoc(String projectId) {
        var time = world.neutronTime();
        return Json.object(
                "id",
                world.ids.next(),
                "name",
                "",
                "description",
                "",
                "tenant_id",
                projectId,
                "project_id",
                projectId,
                "tags",
                List.of(),
                "created_at",
                time,
                "updated_at",
                time,
                "revision_number",
                1);
    }

    /** Counts a change of a row. */
    void touch(Row row) {
        row.set("revision_number", row.doc().path("revision_number").asInt() + 1);
        row.set("updated_at", world.neutronTime());
    }

    /** What a GET shows: the document and what is computed from others. */
    ObjectNode view(String collection, Row row) {
        var doc = row.doc().deepCopy();
        switch (collection) {
            case "networks" ->
                doc.set(
                        "subnets",
                        Json.array(subnetsOf(row.id()).stream().map(Row::id).toList()));
            case "floatingips" -> {
                var details = ports.find(row.text("port_id"))
                        .map(port -> Json.object(
                                "name", port.text("name"),
                                "network_id", port.text("network_id"),
                                "mac_address", port.text("mac_address"),
                                "admin_state_up", port.doc().path("admin_state_up"),
                                "status", port.text("status"),
                                "device_id", port.text("device_id"),
                                "device_owner", port.text("device_owner")));
                doc.set("port_details", Json.value(details.orElse(null)));
            }
            case "security-groups" ->
                doc.set(
                        "security_group_rules",
                        Json.array(
                                securityGroupRules
                                        .where(rule ->
                                                rule.text("security_group_id").equals(row.id()))
                                        .stream()
                                        .map(rule -> rule.doc().deepCopy())
                                        .toList()));
            default -> {}
        }
        return doc;
    }
}
