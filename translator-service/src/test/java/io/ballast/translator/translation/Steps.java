package io.ballast.translator.translation;

import io.ballast.schemas.contract.DesiredLoadBalancer;
import io.ballast.schemas.contract.DesiredLoadBalancerBody;
import io.ballast.schemas.contract.DesiredState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** From one translation to the next: what was desired last. */
final class Steps {
    private Steps() {}

    /** The record that a translation of load balancers makes; null when it makes none. */
    static @Nullable DesiredLoadBalancer said(RandomInput input, Translated translated) {
        return switch (translated) {
            case Translated.Served(var wanted) -> record(input, DesiredState.PRESENT, wanted.bodies());
            case Translated.Refused refused ->
                refused.best() == null
                        ? null
                        : record(input, DesiredState.REFUSED, refused.best().bodies());
            case Translated.NotManaged _ -> null;
        };
    }

    private static DesiredLoadBalancer record(
            RandomInput input, DesiredState state, List<DesiredLoadBalancerBody> bodies) {
        return new DesiredLoadBalancer(
                state,
                "cluster-uid",
                input.snapshot().uid(),
                "1",
                1,
                1,
                null,
                "",
                input.service().type(),
                false,
                List.of(),
                bodies);
    }
}
