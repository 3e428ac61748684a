package io.ballast.translator.translation;

import io.ballast.schemas.contract.DesiredReason;
import org.jspecify.annotations.Nullable;

/** What a Service, as it stands, should have. */
public sealed interface Translated {
    /** Load balancers. */
    record Served(Wanted wanted) implements Translated {}

    /** None, because it is not ours to serve. The message is one sentence for the user. */
    record NotManaged(DesiredReason reason, String message) implements Translated {}

    /**
     * None, until somebody changes something. The message is one sentence for the user.
     *
     * @param best what load balancers that are there already should look like meanwhile; null to leave them as they are
     */
    record Refused(
            DesiredReason reason, String message, @Nullable Wanted best) implements Translated {}
}
