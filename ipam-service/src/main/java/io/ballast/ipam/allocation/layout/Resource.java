package io.ballast.ipam.allocation.layout;

import io.ballast.ipam.allocation.AddressRange;
import io.ballast.schemas.contract.CidrRange;
import io.ballast.schemas.contract.IpAddress;
import io.ballast.schemas.contract.IpFamily;
import java.util.List;

/** Something in Neutron that one call makes. Others are named by name. */
public sealed interface Resource {
    /** What it is, in words that name it. */
    String what();

    /** A resource that Neutron gives a name and a description; the description is its identity. */
    sealed interface Named extends Resource {
        String name();

        String description();
    }

    /** A network. */
    record Network(String name, String description) implements Named {
        @Override
        public String what() {
            return "network " + name;
        }
    }

    /**
     * A subnet without DHCP and, in IPv6, without router advertisements.
     *
     * @param pools allocation pools; empty for Neutron's own choice
     */
    record Subnet(
            String name,
            String description,
            String network,
            CidrRange cidr,
            IpAddress gateway,
            List<AddressRange> pools)
            implements Named {
        public Subnet {
            pools = List.copyOf(pools);
        }

        @Override
        public String what() {
            return "subnet " + name;
        }
    }

    /** A router. */
    record Router(String name, String description) implements Named {
        @Override
        public String what() {
            return "router " + name;
        }
    }

    /** The way of a router to an external network, id or name. */
    record RouterGateway(String router, String network) implements Resource {
        @Override
        public String what() {
            return "gateway of router %s".formatted(router);
        }
    }

    /** The port of a router in a subnet, at the subnet's gateway address. */
    record RouterPort(String name, String description, String network, String subnet, IpAddress address)
            implements Named {
        @Override
        public String what() {
            return "port " + name;
        }
    }

    /** That a router has this port. */
    record RouterInterface(String router, RouterPort port) implements Resource {
        @Override
        public String what() {
            return "interface of router %s in subnet %s".formatted(router, port.subnet());
        }
    }

    /** A security group for pods. */
    record SecurityGroup(String name, String description) implements Named {
        @Override
        public String what() {
            return "security group " + name;
        }
    }

    /** Lets a protocol in from a range. */
    record Ingress(String group, IpFamily family, String protocol, CidrRange remote) implements Resource {
        @Override
        public String what() {
            return "rule of security group %s: %s from %s".formatted(group, protocol, remote);
        }
    }
}
