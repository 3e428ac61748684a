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
     */
    record ReadNeutron(Set<String> subnets, List<Rules.ExternalPool> pools) implements IpamCall {
        public ReadNeutron {
            subnets = InOrder.copyOf(subnets);
            pools = List.copyOf(pools);
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

    /** Make one, with its identity in the same request; in the project of the credentials unless one is named. */
    record CreateFloatingIp(
            String description,
            String networkId,
            @Nullable String subnetId,
            @Nullable String projectId) implements IpamCall {}

    /** Delete one of ours. */
    record DeleteFloatingIp(String id) implements IpamCall {}
}
