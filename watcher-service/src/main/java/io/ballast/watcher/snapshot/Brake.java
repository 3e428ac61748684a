package io.ballast.watcher.snapshot;

import io.ballast.schemas.contract.InOrder;
import java.util.Set;

/**
 * Holds back deletions that were inferred from absence, when there are more of them at once than is likely: a lagging or
 * truncated list must not empty a cloud.
 *
 * @param present Services of the cluster that are published as PRESENT
 * @param inferred uids whose absence is suspected or confirmed, and not published yet
 * @param released uids whose inferred deletion was published lately
 * @param confirmed uids whose deletion a person confirmed
 */
public record Brake(int present, Set<String> inferred, Set<String> released, Set<String> confirmed) {
    private static final int ALWAYS_ALLOWED = 3;
    private static final int SHARE_PERCENT = 20;

    public Brake {
        inferred = InOrder.copyOf(inferred);
        released = InOrder.copyOf(released);
        confirmed = InOrder.copyOf(confirmed);
    }

    /** How many inferred deletions may go at once: 3, or a fifth of the cluster when that is more. */
    public int limit() {
        return Math.max(ALWAYS_ALLOWED, present * SHARE_PERCENT / 100);
    }

    /** Whether the deletion of this uid may be published. */
    public boolean admits(String uid) {
        return confirmed.contains(uid) || !isOn();
    }

    /** Whether unconfirmed deletions are held. */
    public boolean isOn() {
        long unconfirmed = inferred.stream()
                .filter(uid -> !confirmed.contains(uid))
                .filter(uid -> !released.contains(uid))
                .count();
        long lately = released.stream().filter(uid -> !confirmed.contains(uid)).count();
        return unconfirmed + lately > limit();
    }
}
