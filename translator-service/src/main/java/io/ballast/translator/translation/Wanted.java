package io.ballast.translator.translation;

import io.ballast.schemas.contract.DesiredLoadBalancerBody;
import io.ballast.schemas.contract.ExternalClaim;
import io.ballast.schemas.contract.VipClaim;
import java.util.List;

/**
 * Load balancers and the addresses they need.
 *
 * @param bodies one, or one per address family, primary first
 * @param provider Octavia provider
 * @param vips VIPs, primary family first
 * @param memberSubnets subnets in which each load balancer needs a port, sorted; independent of the endpoints
 * @param externals external addresses, primary family first
 * @param unsupported features asked for that are served without, sorted
 */
public record Wanted(
        List<DesiredLoadBalancerBody> bodies,
        String provider,
        List<VipClaim> vips,
        List<String> memberSubnets,
        List<ExternalClaim> externals,
        List<String> unsupported) {
    public Wanted {
        bodies = List.copyOf(bodies);
        vips = List.copyOf(vips);
        memberSubnets = List.copyOf(memberSubnets);
        externals = List.copyOf(externals);
        unsupported = List.copyOf(unsupported);
    }
}
