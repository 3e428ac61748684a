package io.ballast.translator.translation;

import io.ballast.schemas.contract.AddressClaim;
import io.ballast.schemas.contract.ClaimState;
import io.ballast.schemas.contract.DesiredLoadBalancer;
import io.ballast.schemas.contract.DesiredLoadBalancerBody;
import io.ballast.schemas.contract.DesiredReason;
import io.ballast.schemas.contract.DesiredState;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.translator.translation.Translated.Refused;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Changes that no load balancer survives: its provider and its VIPs are fixed when it is made. */
final class Rebuild {
    private Rebuild() {}

    /** Why the live load balancers cannot become what is wanted; empty when they can. */
    static Optional<Refused> reason(DesiredLoadBalancer live, @Nullable AddressClaim claim, Wanted wanted) {
        var before = shapes(live.loadBalancers());
        var after = shapes(wanted.bodies());
        if (!before.equals(after)) {
            return Optional.of(new Refused(
                    DesiredReason.RECREATE_NEEDED,
                    "Provider or address families would change from %s to %s: delete the Service and make it anew."
                            .formatted(before, after),
                    null));
        }
        boolean sameVips = claim == null
                || claim.state() != ClaimState.WANTED
                || claim.incarnation() != live.incarnation()
                || claim.vips().equals(wanted.vips());
        return sameVips
                ? Optional.empty()
                : Optional.of(new Refused(
                        DesiredReason.RECREATE_NEEDED,
                        "The VIP would change: delete the Service and make it anew.",
                        wanted));
    }

    /** The provider of the load balancers of a Service; empty when it has none. */
    static Optional<String> provider(String serviceUid, @Nullable DesiredLoadBalancer desired) {
        return Optional.ofNullable(desired)
                .filter(last -> last.state() == DesiredState.PRESENT || last.state() == DesiredState.REFUSED)
                .filter(last -> last.serviceUid().equals(serviceUid))
                .flatMap(last -> last.loadBalancers().stream().findFirst())
                .map(DesiredLoadBalancerBody::provider);
    }

    static Refused providerChanged(String before, String now, Wanted asBefore) {
        return new Refused(
                DesiredReason.RECREATE_NEEDED,
                "The load balancer stays with provider '%s', configuration now says '%s': delete the Service and make it anew."
                        .formatted(before, now),
                asBefore);
    }

    /** Whether the live load balancers can look like this. */
    static boolean fits(DesiredLoadBalancer live, @Nullable Wanted best) {
        return best != null && shapes(live.loadBalancers()).equals(shapes(best.bodies()));
    }

    static boolean isDeleted(LoadBalancerStatus status) {
        return status.phase() == LoadBalancerPhase.DELETED;
    }

    private record Shape(String provider, List<IpFamily> families) {
        @Override
        public String toString() {
            return (provider.isEmpty() ? "default" : provider) + families;
        }
    }

    private static List<Shape> shapes(List<DesiredLoadBalancerBody> bodies) {
        return bodies.stream()
                .map(body -> new Shape(body.provider(), body.families()))
                .toList();
    }
}
