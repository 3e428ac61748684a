package io.ballast.translator.translation;

import io.ballast.schemas.contract.AddressClaim;
import io.ballast.schemas.contract.DesiredLoadBalancer;
import org.jspecify.annotations.Nullable;

/**
 * What to write about one Service, in one transaction.
 *
 * @param desired what becomes of the desired state
 * @param claim what becomes of the claim
 * @param answeredGone uid whose GONE this answers to the end; null when it does not
 */
public record Decision(
        Write<DesiredLoadBalancer> desired,
        Write<AddressClaim> claim,
        @Nullable String answeredGone) {
    /** What becomes of a record. */
    public sealed interface Write<V> {
        /** It stays as it is. */
        record Keep<V>() implements Write<V> {}

        /** It is replaced. */
        record Put<V>(V value) implements Write<V> {}

        /** It is ended by a tombstone. */
        record End<V>() implements Write<V> {}
    }

    static final Decision NOTHING = new Decision(new Write.Keep<>(), new Write.Keep<>(), null);
}
