package io.ballast.testbed.openstack;

import com.fasterxml.jackson.databind.JsonNode;
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
        var credential = keystone.addCredential("ballast", "credential-secret", user, project);

        var external =
                neutron.networks.createNetwork(Json.object("name", "public", "router:external", true), admin.id());
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
        var router = neutron.networks.createRouter(
                Json.object("name", "k8s-router", "external_gateway_info", Json.object("network_id", external.id())),
                project.id());
        var group = neutron.securityGroups.create(Json.object("name", "k8s-pod-access"), project.id());

        var shared = layout == Layout.SHARED;
        var pods = network(shared ? "k8s-net" : "k8s-pod-net", project.id());
        var services = shared ? pods : network("k8s-service-net", project.id());
        if (layout == Layout.IPV6) {
            podSubnet(Layout.DEFAULT, "k8s-pod-subnet", pods, router);
            serviceSubnet(Layout.DEFAULT, "k8s-service-subnet", services, router);
        }
        if (layout == Layout.DUAL) {
            podSubnet(Layout.IPV6, "k8s-pod-subnet-v6", pods, router);
            serviceSubnet(Layout.IPV6, SeededLayout.SERVICE_SUBNET_V6, services, router);
        }
        var suffix = layout == Layout.IPV6 ? "-v6" : "";
        var serviceSubnet =
                serviceSubnet(layout, (shared ? "k8s-subnet" : "k8s-service-subnet") + suffix, services, router);
        var podSubnet = shared ? serviceSubnet : podSubnet(layout, "k8s-pod-subnet" + suffix, pods, router);
        return new SeededLayout(
                layout,
                project.id(),
                external.id(),
                externalSubnet.id(),
                pods.id(),
                podSubnet.id(),
                services.id(),
                serviceSubnet.id(),
                router.id(),
                group.id(),
                credential.id(),
                credential.secret());
    }

    private Row network(String name, String projectId) {
        return neutron.networks.createNetwork(Json.object("name", name), projectId);
    }

    private Row podSubnet(Layout layout, String name, Row network, Row router) {
        return subnet(
                Json.object(
                        "name", name,
                        "network_id", network.id(),
                        "cidr", layout.podCidr(),
                        "gateway_ip", layout.podGateway(),
                        "enable_dhcp", true),
                network,
                router);
    }

    private Row serviceSubnet(Layout layout, String name, Row network, Row router) {
        return subnet(
                Json.object(
                        "name", name,
                        "network_id", network.id(),
                        "cidr", layout.serviceCidr(),
                        "gateway_ip", layout.serviceGateway(),
                        "enable_dhcp", false,
                        "allocation_pools", List.of(Json.object("start", layout.poolStart(), "end", layout.poolEnd()))),
                network,
                router);
    }

    private Row subnet(JsonNode given, Row network, Row router) {
        var subnet = neutron.networks.createSubnet(given, network.text("project_id"));
        neutron.networks.addInterface(router, Json.object("subnet_id", subnet.id()));
        return subnet;
    }
}
