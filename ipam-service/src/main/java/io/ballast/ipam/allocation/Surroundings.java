package io.ballast.ipam.allocation;

import io.ballast.ipam.allocation.layout.SeenCloud;
import io.ballast.schemas.contract.CidrRange;
import io.ballast.schemas.contract.InOrder;
import io.ballast.schemas.contract.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What Neutron and Octavia showed around the VIPs, for the pre-flight; the project also says whose floating IPs are ours.
 *
 * @param podSubnets subnets of pods by what was asked for; those not found are missing
 * @param groups security groups of pods by the id or name that was asked for; those not found are missing
 * @param routers routers of the subnets of VIPs and pods, by id
 * @param subnets every subnet that is visible and not external; empty when nobody asked for hosts
 * @param quotas limits of the project; those that cannot be read are missing
 * @param projectId the project of the credentials, and of the quotas; "" when it is not known
 */
public record Surroundings(
        Map<String, PodSubnet> podSubnets,
        Map<String, SeenCloud.Group> groups,
        Map<String, Router> routers,
        List<PodSubnet> subnets,
        Map<Resource, Quota> quotas,
        String projectId) {
    /** Nothing was read. */
    public static final Surroundings NONE = new Surroundings(Map.of(), Map.of(), Map.of(), List.of(), Map.of(), "");

    public Surroundings {
        podSubnets = InOrder.copyOf(podSubnets);
        groups = InOrder.copyOf(groups);
        routers = InOrder.copyOf(routers);
        subnets = List.copyOf(subnets);
        quotas = InOrder.copyOf(quotas);
    }

    /** What a quota limits. */
    public enum Resource {
        FLOATING_IPS,
        PORTS,
        LOAD_BALANCERS
    }

    /**
     * A quota.
     *
     * @param limit most there can be; -1 for any number
     * @param used how many there are; -1 when the service does not tell
     */
    public record Quota(long limit, long used) {}

    /**
     * A subnet.
     *
     * @param routers ids of the routers with an interface on it; empty when nobody asked for them
     */
    public record PodSubnet(String id, String name, CidrRange cidr, List<String> routers) {
        public PodSubnet {
            routers = List.copyOf(routers);
        }
    }

    /**
     * A router.
     *
     * @param isVisible whether our credentials may see it; nothing else is known otherwise
     * @param externalNetworkId network of its gateway; null for none
     * @param reaches ranges of the subnets it has interfaces on, and those it has routes to
     */
    public record Router(
            String id, boolean isVisible, @Nullable String externalNetworkId, Set<CidrRange> reaches) {
        public Router {
            reaches = InOrder.copyOf(reaches);
        }

        /** Whether an address can be behind it, as far as is known. */
        boolean mayReach(IpAddress address) {
            return !isVisible
                    || externalNetworkId != null
                    || reaches.stream().anyMatch(range -> range.contains(address));
        }
    }

    /** The subnet that an address lies in, the narrowest. */
    Optional<PodSubnet> around(IpAddress address) {
        return subnets.stream()
                .filter(subnet -> subnet.cidr().contains(address))
                .max((one, other) ->
                        Integer.compare(one.cidr().prefix(), other.cidr().prefix()));
    }
}
