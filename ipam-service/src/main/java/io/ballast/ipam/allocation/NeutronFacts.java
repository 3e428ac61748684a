package io.ballast.ipam.allocation;

import io.ballast.schemas.contract.CidrRange;
import io.ballast.schemas.contract.InOrder;
import io.ballast.schemas.contract.IpAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What Neutron showed when it was last read.
 *
 * @param subnets subnets by the id or name that was asked for; those not found are missing
 * @param externals external networks by the name of the pool that names them; those not found are missing
 * @param missing why something is missing, by the id or name that was asked for
 * @param surroundings what the pre-flight alone looks at
 */
public record NeutronFacts(
        Map<String, Subnet> subnets,
        Map<String, ExternalNetwork> externals,
        Map<String, String> missing,
        Surroundings surroundings) {
    /** Nothing was read yet. */
    public static final NeutronFacts NONE = new NeutronFacts(Map.of(), Map.of(), Map.of());

    public NeutronFacts {
        subnets = InOrder.copyOf(subnets);
        externals = InOrder.copyOf(externals);
        missing = InOrder.copyOf(missing);
    }

    /** Nothing is known of the surroundings. */
    public NeutronFacts(
            Map<String, Subnet> subnets, Map<String, ExternalNetwork> externals, Map<String, String> missing) {
        this(subnets, externals, missing, Surroundings.NONE);
    }

    /**
     * A subnet.
     *
     * @param gateway its gateway; null for none
     * @param pools allocation pools, sorted
     * @param ports fixed addresses of ports on it
     * @param routers routers with an interface on it
     * @param hasDhcp whether DHCP is on
     */
    public record Subnet(
            String id,
            String name,
            String networkId,
            CidrRange cidr,
            @Nullable IpAddress gateway,
            List<AddressRange> pools,
            List<Port> ports,
            List<Router> routers,
            boolean hasDhcp) {
        /** Without DHCP. */
        public Subnet(
                String id,
                String name,
                String networkId,
                CidrRange cidr,
                @Nullable IpAddress gateway,
                List<AddressRange> pools,
                List<Port> ports,
                List<Router> routers) {
            this(id, name, networkId, cidr, gateway, pools, ports, routers, false);
        }

        public Subnet {
            pools = pools.stream().sorted().toList();
            ports = List.copyOf(ports);
            routers = List.copyOf(routers);
        }

        boolean isInPools(IpAddress address) {
            return pools.stream().anyMatch(pool -> pool.contains(address));
        }
    }

    /**
     * A fixed address of a port.
     *
     * @param id Neutron port id
     * @param address the address
     * @param name name of the port; may be empty
     * @param deviceOwner device_owner; may be empty
     * @param allowed allowed address pairs: for a vrrp port the VIP
     * @param deviceId what it belongs to: all ports of an amphora have the same; may be empty
     */
    public record Port(
            String id, IpAddress address, String name, String deviceOwner, List<IpAddress> allowed, String deviceId) {
        public Port {
            allowed = List.copyOf(allowed);
        }

        /** Of nothing that is known. */
        public Port(String id, IpAddress address, String name, String deviceOwner, List<IpAddress> allowed) {
            this(id, address, name, deviceOwner, allowed, "");
        }

        /** The port of a VIP. Its device owner does not tell, ovn leaves it empty. Source: Octavia's network and ovn drivers. */
        boolean isVip() {
            return name.matches("(octavia-lb|ovn-lb-vip)-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
        }

        /** A port of an amphora: Octavia made it and lets the VIP move to it. Nova may have become its owner since. */
        boolean isVrrp() {
            return (deviceOwner.equals("Octavia") || name.startsWith("octavia-lb-vrrp-")) && !allowed.isEmpty();
        }
    }

    /**
     * A router with an interface on a subnet.
     *
     * @param id Neutron router id
     * @param visible whether our credentials may see it
     * @param externalNetworkId network of its gateway; null for none, or when it is not visible
     */
    public record Router(
            String id, boolean visible, @Nullable String externalNetworkId) {}

    /**
     * The network of an external pool.
     *
     * @param networkId Neutron network id
     * @param name its name
     * @param subnetIds Neutron ids of the subnets that the pool names, in its order; empty when it names none
     * @param external whether router:external is set
     * @param cidrs ranges of those of its subnets that we may see
     * @param ownCidrs ranges of the subnets that the pool names; empty when it names none
     */
    public record ExternalNetwork(
            String networkId,
            String name,
            List<String> subnetIds,
            boolean external,
            Set<CidrRange> cidrs,
            Set<CidrRange> ownCidrs) {
        public ExternalNetwork {
            subnetIds = List.copyOf(subnetIds);
            cidrs = InOrder.copyOf(cidrs);
            ownCidrs = InOrder.copyOf(ownCidrs);
        }

        /** Of no subnet in particular. */
        public ExternalNetwork(
                String networkId, String name, List<String> subnetIds, boolean external, Set<CidrRange> cidrs) {
            this(networkId, name, subnetIds, external, cidrs, Set.of());
        }

        /** Whether a floating IP of a network at an address is from where the pool takes its own. */
        boolean holds(String floatingNetworkId, IpAddress address) {
            return networkId.equals(floatingNetworkId)
                    && (ownCidrs.isEmpty() || ownCidrs.stream().anyMatch(range -> range.contains(address)));
        }
    }

    /** Whether a floating IP can reach a subnet. */
    public enum RouterPath {
        PRESENT,
        ABSENT,
        /** A router is there that our credentials may not see. */
        UNKNOWN
    }

    Optional<Subnet> subnet(String idOrName) {
        return Optional.ofNullable(subnets.get(idOrName));
    }

    /** VIPs of each amphora, by the device id of its vrrp port. */
    Map<String, List<IpAddress>> vipsByDevice() {
        var amphorae = new HashMap<String, List<IpAddress>>();
        subnets.values().stream()
                .flatMap(subnet -> subnet.ports().stream())
                .filter(port -> port.isVrrp() && !port.deviceId().isEmpty())
                .forEach(port -> amphorae.put(port.deviceId(), port.allowed()));
        return amphorae;
    }

    static RouterPath path(Subnet from, String externalNetworkId) {
        if (from.routers().stream().anyMatch(router -> externalNetworkId.equals(router.externalNetworkId()))) {
            return RouterPath.PRESENT;
        }
        return from.routers().stream().allMatch(Router::visible) ? RouterPath.ABSENT : RouterPath.UNKNOWN;
    }
}
