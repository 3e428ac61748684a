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
 * @param frontUnknown whether an annotation about what listeners do cannot be understood: those that are there stay as they
 *     are, and there is no other
 * @param recreate whether load balancers may be deleted and made anew for what cannot change in place
 */
public record Wanted(
        List<DesiredLoadBalancerBody> bodies,
        String provider,
        List<VipClaim> vips,
        List<String> memberSubnets,
        List<ExternalClaim> externals,
        List<String> unsupported,
        boolean frontUnknown,
        boolean recreate) {
    public Wanted {
        bodies = List.copyOf(bodies);
        vips = List.copyOf(vips);
        memberSubnets = List.copyOf(memberSubnets);
        externals = List.copyOf(externals);
        unsupported = List.copyOf(unsupported);
    }

    /** Of a Service whose annotations are understood. */
    Wanted(
            List<DesiredLoadBalancerBody> bodies,
            String provider,
            List<VipClaim> vips,
            List<String> memberSubnets,
            List<ExternalClaim> externals,
            List<String> unsupported) {
        this(bodies, provider, vips, memberSubnets, externals, unsupported, false, false);
    }

    Wanted withBodies(List<DesiredLoadBalancerBody> next) {
        return new Wanted(next, provider, vips, memberSubnets, externals, unsupported, frontUnknown, recreate);
    }

    Wanted withVips(List<VipClaim> next) {
        return new Wanted(bodies, provider, next, memberSubnets, externals, unsupported, frontUnknown, recreate);
    }
}
