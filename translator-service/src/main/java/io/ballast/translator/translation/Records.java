package io.ballast.translator.translation;

import io.ballast.schemas.contract.AddressClaim;
import io.ballast.schemas.contract.ClaimState;
import io.ballast.schemas.contract.DesiredLoadBalancer;
import io.ballast.schemas.contract.DesiredLoadBalancerBody;
import io.ballast.schemas.contract.DesiredReason;
import io.ballast.schemas.contract.DesiredState;
import io.ballast.schemas.contract.ServiceBody;
import io.ballast.schemas.contract.ServiceType;
import io.ballast.translator.translation.Decision.Write;
import io.ballast.translator.translation.Translated.Refused;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The records of a decision, stamped; one that says what is already said is not written. */
final class Records {
    private Records() {}

    static DesiredLoadBalancer present(KeyState state, long incarnation, Wanted wanted) {
        return desired(
                state,
                DesiredState.PRESENT,
                state.present().uid(),
                incarnation,
                null,
                "",
                !wanted.externals().isEmpty(),
                wanted.unsupported(),
                wanted.bodies());
    }

    /** Refused with load balancers: the best that can be had of them, or as they are. */
    static DesiredLoadBalancer refused(
            KeyState state, DesiredLoadBalancer live, Refused refused, @Nullable Wanted best) {
        return desired(
                state,
                DesiredState.REFUSED,
                live.serviceUid(),
                live.incarnation(),
                refused.reason(),
                refused.message(),
                live.external(), // the claim stays, and so does what it asks for
                best == null ? live.unsupported() : best.unsupported(),
                best == null ? live.loadBalancers() : best.bodies());
    }

    static DesiredLoadBalancer refused(KeyState state, Refused refused) {
        return nothing(state, DesiredState.REFUSED, refused.reason(), refused.message());
    }

    static DesiredLoadBalancer notManaged(KeyState state, DesiredReason reason, String message) {
        return nothing(state, DesiredState.NOT_MANAGED, reason, message);
    }

    static DesiredLoadBalancer absent(KeyState state, String uid, long incarnation) {
        return desired(state, DesiredState.ABSENT, uid, incarnation, null, "", false, List.of(), List.of());
    }

    private static DesiredLoadBalancer nothing(
            KeyState state, DesiredState kind, DesiredReason reason, String message) {
        return desired(
                state, kind, state.present().uid(), state.incarnation(), reason, message, false, List.of(), List.of());
    }

    private static DesiredLoadBalancer desired(
            KeyState state,
            DesiredState kind,
            String uid,
            long incarnation,
            @Nullable DesiredReason reason,
            String message,
            boolean external,
            List<String> unsupported,
            List<DesiredLoadBalancerBody> bodies) {
        var snapshot = state.present();
        var desired = new DesiredLoadBalancer(
                kind,
                snapshot.clusterUid(),
                uid,
                snapshot.resourceVersion(),
                incarnation,
                state.generation() + 1,
                reason,
                message,
                kind == DesiredState.ABSENT ? ServiceType.UNKNOWN : type(snapshot.service()),
                external,
                unsupported,
                bodies);
        return Wishes.on(desired, snapshot);
    }

    private static ServiceType type(@Nullable ServiceBody service) {
        return service == null ? ServiceType.UNKNOWN : service.type();
    }

    static AddressClaim wanted(KeyState state, long incarnation, Wanted wanted) {
        var service = wanted.externals().isEmpty() ? null : state.present().service();
        return new AddressClaim(
                ClaimState.WANTED,
                state.present().clusterUid(),
                state.present().uid(),
                incarnation,
                state.claimGeneration() + 1,
                wanted.provider(),
                wanted.vips(),
                wanted.memberSubnets(),
                wanted.externals(),
                service == null ? Map.of() : service.namespaceLabels(),
                service == null ? Map.of() : service.labels());
    }

    static AddressClaim withdrawn(KeyState state, String uid, long incarnation) {
        var claim = state.claim();
        return new AddressClaim(
                ClaimState.WITHDRAWN,
                state.present().clusterUid(),
                uid,
                incarnation,
                state.claimGeneration() + 1,
                claim == null ? "" : claim.provider(),
                List.of(),
                List.of(),
                List.of());
    }

    static Write<DesiredLoadBalancer> put(KeyState state, DesiredLoadBalancer next) {
        var last = state.desired();
        return last != null && unstamped(last).equals(unstamped(next)) ? new Write.Keep<>() : new Write.Put<>(next);
    }

    static Write<AddressClaim> put(KeyState state, AddressClaim next) {
        var last = state.claim();
        return last != null && unstamped(last).equals(unstamped(next)) ? new Write.Keep<>() : new Write.Put<>(next);
    }

    /** The end of a claim that is there. */
    static Write<AddressClaim> end(KeyState state) {
        return state.claim() == null ? new Write.Keep<>() : new Write.End<>();
    }

    private static DesiredLoadBalancer unstamped(DesiredLoadBalancer desired) {
        return new DesiredLoadBalancer(
                desired.state(),
                desired.clusterUid(),
                desired.serviceUid(),
                "",
                desired.incarnation(),
                0,
                desired.reason(),
                desired.message(),
                desired.serviceType(),
                desired.external(),
                desired.unsupported(),
                desired.loadBalancers(),
                desired.recreate(),
                desired.abandoned());
    }

    private static AddressClaim unstamped(AddressClaim claim) {
        return new AddressClaim(
                claim.state(),
                claim.clusterUid(),
                claim.serviceUid(),
                claim.incarnation(),
                0,
                claim.provider(),
                claim.vips(),
                claim.memberSubnets(),
                claim.externals(),
                claim.namespaceLabels(),
                claim.serviceLabels());
    }
}
