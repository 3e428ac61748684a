package io.ballast.ipam.allocation.layout;

import io.ballast.ipam.allocation.layout.NetworkLayout.Family;
import io.ballast.ipam.allocation.layout.Resource.Ingress;
import io.ballast.ipam.allocation.layout.Resource.Network;
import io.ballast.ipam.allocation.layout.Resource.Router;
import io.ballast.ipam.allocation.layout.Resource.RouterGateway;
import io.ballast.ipam.allocation.layout.Resource.RouterInterface;
import io.ballast.ipam.allocation.layout.Resource.RouterPort;
import io.ballast.ipam.allocation.layout.Resource.SecurityGroup;
import io.ballast.ipam.allocation.layout.Resource.Subnet;
import io.ballast.schemas.contract.CidrRange;
import io.ballast.schemas.contract.IpFamily;
import java.util.ArrayList;
import java.util.List;

/** What a layout is made of in Neutron, and what each thing is called. */
public final class LayoutResources {
    /** Protocols that a Service may have. */
    public static final List<String> PROTOCOLS = List.of("tcp", "udp", "sctp");

    private final NetworkLayout layout;

    private LayoutResources(NetworkLayout layout) {
        this.layout = layout;
    }

    /** Everything, each after what it needs. */
    public static List<Resource> of(NetworkLayout layout) {
        return new LayoutResources(layout).all();
    }

    /** Name of the network of pods. */
    public static String podNetwork(NetworkLayout layout) {
        return layout.cluster() + (layout.isShared() ? "-net" : "-pod-net");
    }

    /** Name of the network of VIPs. */
    public static String serviceNetwork(NetworkLayout layout) {
        return layout.cluster() + (layout.isShared() ? "-net" : "-service-net");
    }

    /** Name of the subnet of pods of a family. */
    public static String podSubnet(NetworkLayout layout, IpFamily family) {
        return layout.cluster() + (layout.isShared() ? "-subnet" : "-pod-subnet") + suffix(family);
    }

    /** Name of the subnet of VIPs of a family. */
    public static String serviceSubnet(NetworkLayout layout, IpFamily family) {
        return layout.cluster() + (layout.isShared() ? "-subnet" : "-service-subnet") + suffix(family);
    }

    public static String router(NetworkLayout layout) {
        return layout.cluster() + "-router";
    }

    /** Name of the security group for pods. */
    public static String podGroup(NetworkLayout layout) {
        return layout.cluster() + "-pod-access";
    }

    /**
     * Where what reaches a pod through a load balancer comes from. An amphora sends from the subnet of VIPs, in layer 2 from
     * that of the pods; ovn keeps the sender, which is another pod, or the VIP when a pod reaches itself.
     */
    public static List<CidrRange> sources(NetworkLayout layout, Family family) {
        if (layout.takesPortsOfPods()) {
            return List.of(family.podSubnet().cidr());
        }
        var services = family.services().cidr();
        return family.isShared() || !layout.provider().equals("ovn")
                ? List.of(services)
                : List.of(services, family.podSubnet().cidr());
    }

    private List<Resource> all() {
        var all = new ArrayList<Resource>();
        if (!layout.isShared()) {
            all.add(network(podNetwork(layout)));
        }
        all.add(network(serviceNetwork(layout)));
        var ports = new ArrayList<RouterPort>();
        for (var family : layout.families()) {
            if (!family.isShared()) {
                subnet(podNetwork(layout), podSubnet(layout, family.family()), family.podSubnet(), all, ports);
            }
            subnet(serviceNetwork(layout), serviceSubnet(layout, family.family()), family.services(), all, ports);
        }
        var router = new Router(router(layout), identity(router(layout)));
        all.add(router);
        layout.floating().ifPresent(network -> all.add(new RouterGateway(router.name(), network)));
        for (var port : ports) {
            all.add(port);
            all.add(new RouterInterface(router.name(), port));
        }
        all.add(new SecurityGroup(podGroup(layout), identity(podGroup(layout))));
        for (var family : layout.families()) {
            for (var source : sources(layout, family)) {
                PROTOCOLS.forEach(
                        protocol -> all.add(new Ingress(podGroup(layout), family.family(), protocol, source)));
            }
        }
        return List.copyOf(all);
    }

    private Network network(String name) {
        return new Network(name, identity(name));
    }

    private void subnet(String network, String name, SubnetLayout subnet, List<Resource> all, List<RouterPort> ports) {
        all.add(new Subnet(
                name,
                identity(name),
                network,
                subnet.cidr(),
                subnet.gateway(),
                subnet.vipRange().isPresent() ? List.of(subnet.pool()) : List.of()));
        ports.add(new RouterPort(name + "-router", identity(name + "-router"), network, name, subnet.gateway()));
    }

    /** By which it is found again, whatever name somebody gives it. */
    private String identity(String name) {
        return "ballast-layout/%s/%s".formatted(layout.cluster(), name);
    }

    private static String suffix(IpFamily family) {
        return family == IpFamily.IPV6 ? "-v6" : "";
    }
}
