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
     * Make one, with its identity in the same request; in the project of the credentials unless one is named.
     *
     * @param subnetIds each tried when those before it are full; empty: Neutron chooses
     */
    record CreateFloatingIp(
            String description,
            String networkId,
            List<String> subnetIds,
            @Nullable String projectId) implements IpamCall {
        public CreateFloatingIp {
            subnetIds = List.copyOf(subnetIds);
        }
    }

    /** Give one of ours another identity; doing it twice changes nothing. */
    record DescribeFloatingIp(String id, String description) implements IpamCall {}

    /** Delete one of ours. */
    record DeleteFloatingIp(String id) implements IpamCall {}
}
