package io.ballast.testbed.openstack;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The networks of a cluster. VIPs come from the part of the service subnet below its allocation pool, so that Neutron never
 * gives one of them away by itself.
 */
public enum Layout {
    /** Pods and services on networks of their own. */
    DEFAULT("10.1.0.0/16", "10.1.255.254", "10.2.0.0/16", "10.2.0.0/17", "10.2.255.254", "10.2.128.1", "10.2.255.253"),
    /** Pods and services on one subnet. */
    SHARED("10.0.0.0/16", "10.0.255.254", "10.0.0.0/16", "10.0.0.0/18", "10.0.255.254", "10.0.64.0", "10.0.255.253"),
    /** IPv6 pods and services; their networks have the IPv4 subnets of the default layout besides. */
    IPV6(
            "fd10:0:0:1::/64",
            "fd10:0:0:1::1",
            "fd10:0:0:2::/112",
            "fd10:0:0:2::/113",
            "fd10:0:0:2::fffe",
            "fd10:0:0:2::8000",
            "fd10:0:0:2::fffd"),
    /** Both families, IPv4 first: the networks of IPV6, with Kubernetes on both. */
    DUAL("10.1.0.0/16", "10.1.255.254", "10.2.0.0/16", "10.2.0.0/17", "10.2.255.254", "10.2.128.1", "10.2.255.253");

    private final String podCidr;
    private final String podGateway;
    private final String serviceCidr;
    private final String vipCidr;
    private final String serviceGateway;
    private final String poolStart;
    private final String poolEnd;

    Layout(
            String podCidr,
            String podGateway,
            String serviceCidr,
            String vipCidr,
            String serviceGateway,
            String poolStart,
            String poolEnd) {
        this.podCidr = podCidr;
        this.podGateway = podGateway;
        this.serviceCidr = serviceCidr;
        this.vipCidr = vipCidr;
        this.serviceGateway = serviceGateway;
        this.poolStart = poolStart;
        this.poolEnd = poolEnd;
    }

    /** The layout with this name, whatever its case; throws naming those there are. */
    public static Layout named(String name) {
        return Arrays.stream(values())
                .filter(each -> each.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no layout named " + name + "; there are "
                        + Arrays.toString(values()).toLowerCase(Locale.ROOT)));
    }

    /** The layout of the second family; empty where there is one. */
    public Optional<Layout> second() {
        return this == DUAL ? Optional.of(IPV6) : Optional.empty();
    }

    /** The subnet of the pods. */
    public String podCidr() {
        return podCidr;
    }

    String podGateway() {
        return podGateway;
    }

    /** The subnet that VIPs are in. */
    public String serviceCidr() {
        return serviceCidr;
    }

    /** The range that VIPs come from: what Kubernetes has as its service range. */
    public String vipCidr() {
        return vipCidr;
    }

    String serviceGateway() {
        return serviceGateway;
    }

    String poolStart() {
        return poolStart;
    }

    String poolEnd() {
        return poolEnd;
    }
}
