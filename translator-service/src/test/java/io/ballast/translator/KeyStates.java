package io.ballast.translator;

import io.ballast.schemas.contract.AddressClaim;
import io.ballast.schemas.contract.DesiredLoadBalancer;
import io.ballast.schemas.contract.ServiceSnapshot;
import io.ballast.translator.translation.Decision;
import io.ballast.translator.translation.Decision.Write;
import io.ballast.translator.translation.KeyState;
import io.ballast.translator.translation.Lifecycle;
import io.ballast.translator.translation.Translated;
import org.jspecify.annotations.Nullable;

/** States of a Service one after the other. */
final class KeyStates {
    private KeyStates() {}

    /** After the first decision about a Service. */
    static KeyState live(ServiceSnapshot snapshot, Translated translated) {
        var decision = Lifecycle.decide(state(snapshot, translated, null, null));
        return state(snapshot, translated, put(decision.desired()), put(decision.claim()));
    }

    /** What is decided when the Service, or its configuration, is another one now. */
    static Decision changed(KeyState live, ServiceSnapshot snapshot, Translated translated) {
        return Lifecycle.decide(state(snapshot, translated, live.desired(), live.claim()));
    }

    private static KeyState state(
            ServiceSnapshot snapshot,
            Translated translated,
            @Nullable DesiredLoadBalancer desired,
            @Nullable AddressClaim claim) {
        return new KeyState(snapshot, translated, desired, claim, null, null, null);
    }

    private static <V> V put(Write<V> write) {
        return switch (write) {
            case Write.Put<V>(var value) -> value;
            case Write.Keep<V> _, Write.End<V> _ -> throw new IllegalStateException("nothing is there before");
        };
    }
}
