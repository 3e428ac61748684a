package io.ballast.ipam.allocation;

import io.ballast.schemas.contract.InOrder;
import io.ballast.schemas.contract.IpAddress;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Something to be asked of Neutron. */
public sealed interface IpamCall {
    /**
     * Read what the decisions rest on.
     *
     * @param subnets subnets by id or name
     * @param pools external pools; those that are plain ranges are passed over
     * @param pods what the pre-flight looks at beside, of each cluster
     */
    record ReadNeutron(Set<String> subnets, List<Rules.ExternalPool> pools, List<PodRules> pods) implements IpamCall {
        /** Nothing beside. */
        public ReadNeutron(Set<String> subnets, List<Rules.ExternalPool> pools) {
            this(subnets, pools, List.of());
        }

        public ReadNeutron {
            subnets = InOrder.copyOf(subnets);
            pools = List.copyOf(pools);
            pods = List.copyOf(pods);
        }
    }

    /** List floating IPs with exactly this description. */
    record ListFloatingIps(String description) implements IpamCall {}

    /** Look for the floating IP with this address. */
    record FindFloatingIp(IpAddress address) implements IpamCall {}

    /** Look for the floating IP with this id. */
    record ReadFloatingIp(String id) implements IpamCall {}

    /** List every floating IP that the credentials may see. */
    record ListAllFloatingIps() implements IpamCall {}

    /**
     * Where a floating IP may be made.
     *
     * @param networkId the external network
     * @param subnetId one of its subnets; null: Neutron chooses
     */
    record Spot(String networkId, @Nullable String subnetId) {
        /** The subnets of a network in order; without any the network itself. */
        public static List<Spot> of(String networkId, List<String> subnetIds) {
            return subnetIds.isEmpty()
                    ? List.of(new Spot(networkId, null))
                    : subnetIds.stream()
                            .map(subnet -> new Spot(networkId, subnet))
                            .toList();
        }
    }

    /**
     * Make one, with its identity in the same request; in the project of the credentials unless one is named.
     *
     * @param spots each tried when those before it are full; not empty
     */
    record CreateFloatingIp(
            String description, List<Spot> spots, @Nullable String projectId) implements IpamCall {
        public CreateFloatingIp {
            spots = List.copyOf(spots);
        }

        /** On one network, in the first of its subnets that has room. */
        public CreateFloatingIp(
                String description, String networkId, List<String> subnetIds, @Nullable String projectId) {
            this(description, Spot.of(networkId, subnetIds), projectId);
        }
    }

    /** Give one of ours another identity; doing it twice changes nothing. */
    record DescribeFloatingIp(String id, String description) implements IpamCall {}

    /** Delete one of ours. */
    record DeleteFloatingIp(String id) implements IpamCall {}
}
