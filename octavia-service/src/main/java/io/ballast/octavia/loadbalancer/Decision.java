package io.ballast.octavia.loadbalancer;

import io.ballast.schemas.contract.LoadBalancerStatus;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What to do about one Service, and what to say.
 *
 * @param step what to do
 * @param report what to say
 */
public record Decision(Step step, Report report) {
    /** What to say. */
    public sealed interface Report {
        /** What was said still holds. */
        record Keep() implements Report {}

        /** The status is to read so. */
        record Say(LoadBalancerStatus status) implements Report {}

        /** The status ends. */
        record End() implements Report {}
    }

    static Decision keep(Step step) {
        return new Decision(step, new Report.Keep());
    }

    static Decision say(Step step, LoadBalancerStatus status) {
        return new Decision(step, new Report.Say(status));
    }

    /** Whether there is something to write, given what was published. The request id of one more failure like it is not news. */
    public boolean changes(@Nullable LoadBalancerStatus published) {
        return switch (report) {
            case Report.Keep _ -> false;
            case Report.Say(var status) ->
                published == null
                        || !status.withRequestId(null)
                                .equals(status.requestId() == null ? published : published.withRequestId(null));
            case Report.End _ -> published != null;
        };
    }

    /** Whether operating statuses are all that differs from what was published. */
    public boolean isHealthAlone(@Nullable LoadBalancerStatus published) {
        return published != null && report instanceof Report.Say(var status) && HealthNews.isAll(published, status);
    }

    /** Until when the report waits, because such news was told at {@code toldAt}; empty when it is told now. */
    public Optional<Instant> heldUntil(@Nullable LoadBalancerStatus published, Instant toldAt, Instant now) {
        return published != null && report instanceof Report.Say(var status)
                ? HealthNews.heldUntil(published, status, toldAt, now)
                : Optional.empty();
    }
}
