package io.ballast.ipam.allocation.layout;

import io.ballast.ipam.allocation.AddressRange;
import io.ballast.schemas.contract.CidrRange;
import io.ballast.schemas.contract.IpAddress;
import io.ballast.schemas.contract.IpFamily;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What Neutron showed of anything that a layout could consist of.
 *
 * @param ports ports of the layout's networks
 */
public record SeenCloud(
        List<Network> networks, List<Subnet> subnets, List<Router> routers, List<Port> ports, List<Group> groups) {
    public SeenCloud {
        networks = List.copyOf(networks);
        subnets = List.copyOf(subnets);
        routers = List.copyOf(routers);
        ports = List.copyOf(ports);
        groups = List.copyOf(groups);
    }

    /** Anything with an id, a name and a description; the latter two may be empty. */
    public sealed interface Seen {
        String id();

        String name();

        String description();
    }

    /** A network. */
    public record Network(String id, String name, String description, boolean isExternal) implements Seen {}

    /**
     * A subnet.
     *
     * @param gateway its gateway; null for none
     * @param hasDhcp whether DHCP is on
     * @param isAdvertised whether routers advertise it (ipv6_ra_mode is set)
     * @param pools allocation pools, sorted
     */
    public record Subnet(
            String id,
            String name,
            String description,
            String networkId,
            CidrRange cidr,
            @Nullable IpAddress gateway,
            boolean hasDhcp,
            boolean isAdvertised,
            List<AddressRange> pools)
            implements Seen {
        public Subnet {
            pools = pools.stream().sorted().toList();
        }
    }

    /**
     * A router.
     *
     * @param externalNetworkId network of its gateway; null for none
     */
    public record Router(
            String id,
            String name,
            String description,
            @Nullable String externalNetworkId) implements Seen {}

    /** A port. Owner and device may be empty. */
    public record Port(
            String id, String name, String description, String deviceOwner, String deviceId, List<FixedIp> fixedIps)
            implements Seen {
        public Port {
            fixedIps = List.copyOf(fixedIps);
        }
    }

    /** An address of a port. */
    public record FixedIp(String subnetId, IpAddress address) {}

    /** A security group. */
    public record Group(String id, String name, String description, List<Rule> rules) implements Seen {
        public Group {
            rules = List.copyOf(rules);
        }
    }

    /**
     * A rule of a security group.
     *
     * @param protocol name in lower case; null for any
     * @param remote where from; null for anywhere
     * @param isLimited whether it holds for some ports or a remote group only
     */
    public record Rule(
            boolean isIngress,
            IpFamily family,
            @Nullable String protocol,
            @Nullable CidrRange remote,
            boolean isLimited) {
        /** Whether it lets everything of this protocol in from all of the range. */
        public boolean admits(IpFamily wanted, String wantedProtocol, CidrRange from) {
            return isIngress
                    && !isLimited
                    && family == wanted
                    && (protocol == null || protocol.equals(wantedProtocol))
                    && (remote == null || (remote.prefix() <= from.prefix() && remote.contains(from.network())));
        }
    }

    /** Those that are the wanted one: by identity, or where none has it by name. */
    static <T extends Seen> List<T> candidates(List<T> all, Resource.Named wanted) {
        var ours = all.stream()
                .filter(seen -> seen.description().equals(wanted.description()))
                .toList();
        return ours.isEmpty()
                ? all.stream().filter(seen -> seen.name().equals(wanted.name())).toList()
                : ours;
    }

    /** The network of this id or name that is external; else any of it. */
    public Optional<Network> external(String idOrName) {
        var found = networks.stream()
                .filter(network ->
                        network.id().equals(idOrName) || network.name().equals(idOrName))
                .toList();
        return found.stream()
                .filter(Network::isExternal)
                .findFirst()
                .or(() -> found.stream().findFirst());
    }

    /** The port that holds an address of a subnet. */
    public Optional<Port> holder(String subnetId, IpAddress address) {
        return ports.stream()
                .filter(port -> port.fixedIps().contains(new FixedIp(subnetId, address)))
                .findFirst();
    }
}
