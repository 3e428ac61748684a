package io.ballast.testbed.openstack;

import io.ballast.ipam.allocation.layout.LayoutResources;
import io.ballast.ipam.allocation.layout.Resource;
import io.ballast.schemas.contract.IpFamily;
import java.util.List;

/** Fills an empty cloud: projects and users, the external network {@code public}, a cluster's networks and their router. */
final class Layouts {
    static final String PASSWORD = "secret";

    private final KeystoneModel keystone;
    private final NeutronModel neutron;

    private Layouts(KeystoneModel keystone, NeutronModel neutron) {
        this.keystone = keystone;
        this.neutron = neutron;
    }

    static SeededLayout seed(Layout layout, KeystoneModel keystone, NeutronModel neutron) {
        return new Layouts(keystone, neutron).seed(layout);
    }

    private SeededLayout seed(Layout layout) {
        var admin = keystone.addProject("admin");
        var project = keystone.addProject("k8s");
        keystone.grant(keystone.addUser("admin", PASSWORD), admin, List.of("admin", "member", "reader"));
        var user = keystone.addUser("k8s", PASSWORD);
        keystone.grant(user, project, List.of("load-balancer_member", "member", "reader"));
        keystone.grant(keystone.addUser("nolb", PASSWORD), project, List.of("member", "reader"));
        keystone.grant(keystone.addUser("observer", PASSWORD), project, List.of("load-balancer_observer", "reader"));
        var credential = keystone.credentials.add("ballast", "credential-secret", user, project);

        var external =
                neutron.networks.createNetwork(Json.object("name", Layout.PUBLIC, "router:external", true), admin.id());
        var externalSubnet = neutron.networks.createSubnet(
                Json.object(
                        "name",
                        "public-subnet",
                        "network_id",
                        external.id(),
                        "ip_version",
                        4,
                        "cidr",
                        "172.24.4.0/24",
                        "gateway_ip",
                        "172.24.4.1",
                        "enable_dhcp",
                        false,
                        "allocation_pools",
                        List.of(Json.object("start", "172.24.4.2", "end", "172.24.4.254"))),
                admin.id());
        LayoutResources.of(layout.network()).forEach(resource -> make(resource, project.id()));
        var networks = layout.network();
        var podSubnet = named(neutron.state.subnets, LayoutResources.podSubnet(networks, layout.family()));
        var serviceSubnet = named(neutron.state.subnets, LayoutResources.serviceSubnet(networks, layout.family()));
        return new SeededLayout(
                layout,
                project.id(),
                external.id(),
                externalSubnet.id(),
                podSubnet.text("network_id"),
                podSubnet.id(),
                serviceSubnet.text("network_id"),
                serviceSubnet.id(),
                named(neutron.state.routers, LayoutResources.router(networks)).id(),
                named(neutron.state.securityGroups, LayoutResources.podGroup(networks))
                        .id(),
                credential.id(),
                credential.secret());
    }

    private void make(Resource resource, String projectId) {
        switch (resource) {
            case Resource.Network(var name, var description) ->
                neutron.networks.createNetwork(Json.object("name", name, "description", description), projectId);
            case Resource.Subnet subnet -> makeSubnet(subnet, projectId);
            case Resource.Router(var name, var description) ->
                neutron.networks.createRouter(Json.object("name", name, "description", description), projectId);
            case Resource.RouterGateway(var router, var network) -> {
                var way = Json.object(
                        "network_id", named(neutron.state.networks, network).id());
                neutron.networks.updateRouter(
                        named(neutron.state.routers, router), Json.object("external_gateway_info", way));
            }
            case Resource.RouterPort port -> makePort(port, projectId);
            case Resource.RouterInterface(var router, var port) ->
                neutron.networks.addInterface(
                        named(neutron.state.routers, router),
                        Json.object(
                                "port_id",
                                named(neutron.state.ports, port.name()).id()));
            case Resource.SecurityGroup(var name, var description) ->
                neutron.securityGroups.create(Json.object("name", name, "description", description), projectId);
            case Resource.Ingress(var group, var family, var protocol, var remote) ->
                neutron.securityGroups.createRule(
                        Json.object(
                                "security_group_id",
                                named(neutron.state.securityGroups, group).id(),
                                "direction",
                                "ingress",
                                "ethertype",
                                family == IpFamily.IPV4 ? "IPv4" : "IPv6",
                                "protocol",
                                protocol,
                                "remote_ip_prefix",
                                remote),
                        projectId);
        }
    }

    private void makeSubnet(Resource.Subnet subnet, String projectId) {
        var given = Json.object(
                "name", subnet.name(),
                "description", subnet.description(),
                "network_id", named(neutron.state.networks, subnet.network()).id(),
                "cidr", subnet.cidr(),
                "gateway_ip", subnet.gateway(),
                "enable_dhcp", false);
        if (!subnet.pools().isEmpty()) {
            given.set(
                    "allocation_pools",
                    Json.array(subnet.pools().stream()
                            .map(pool -> Json.object("start", pool.first(), "end", pool.last()))
                            .toList()));
        }
        neutron.networks.createSubnet(given, projectId);
    }

    private void makePort(Resource.RouterPort port, String projectId) {
        var address = Json.object(
                "subnet_id", named(neutron.state.subnets, port.subnet()).id(), "ip_address", port.address());
        neutron.ports.create(
                projectId,
                Json.object(
                        "name", port.name(),
                        "description", port.description(),
                        "network_id",
                                named(neutron.state.networks, port.network()).id(),
                        "fixed_ips", List.of(address)));
    }

    private static Row named(Table table, String name) {
        return table.where(row -> row.text("name").equals(name)).getFirst();
    }
}
