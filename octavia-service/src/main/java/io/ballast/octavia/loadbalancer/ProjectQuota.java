package io.ballast.octavia.loadbalancer;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How many load balancers a project may have and has, as last read. Octavia decides in the end: this only spares it creates
 * that it would refuse, each of which it queues on the row of the project's quota.
 *
 * @param limit most; negative for no limit, or for one that could not be read
 * @param used load balancers that were there, of whomever and in whatever state
 * @param begun creates that were sent since
 * @param readAt when both were read
 */
public record ProjectQuota(int limit, int used, int begun, Instant readAt) {
    private static final Duration REMEMBERED = Duration.ofMinutes(1);

    /** As long as the first pause after a refusal: one read for all that wait. */
    private static final Duration REMEMBERED_WHEN_USED_UP = Duration.ofSeconds(10);

    /** No limit, or none that the credentials may read. */
    public static ProjectQuota unlimited(Instant readAt) {
        return new ProjectQuota(-1, 0, 0, readAt);
    }

    public static ProjectQuota of(int limit, int used, Instant readAt) {
        return new ProjectQuota(limit, used, 0, readAt);
    }

    /** Whether it still says what is. Creates of ours that used it up may have failed since: then it is read again. */
    public boolean isKnown(Instant now) {
        if (hasRoom()) {
            return now.isBefore(readAt.plus(REMEMBERED));
        }
        return begun == 0 && now.isBefore(readAt.plus(REMEMBERED_WHEN_USED_UP));
    }

    /** After one more create. */
    public ProjectQuota afterCreate() {
        return new ProjectQuota(limit, used, begun + 1, readAt);
    }

    /** Why a create is not sent; empty when it may be. */
    public Optional<Failure> refusal(String project) {
        return hasRoom()
                ? Optional.empty()
                : Optional.of(new Failure(
                        Failure.Kind.QUOTA,
                        0,
                        "load balancers of project %s: limit %d, in use %d".formatted(project, limit, used),
                        null,
                        null));
    }

    private boolean hasRoom() {
        return limit < 0 || used + begun < limit;
    }
}
