package io.ballast.watcher.kafka;

import io.ballast.schemas.contract.InOrder;
import io.ballast.watcher.snapshot.Kind;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * How the watcher stands, for readiness and metrics.
 *
 * @param isReady whether the cluster is accepted and every kind was listed
 * @param waitsFor what it waits for, in words; empty when ready
 * @param remark what keeps it from going on although it was ready, in words; empty for nothing
 * @param refusal why nothing may be published of this cluster, in one sentence; empty when it may
 * @param services Services seen
 * @param slices slices seen
 * @param heldDeletions deletions that the brake holds
 * @param heardAt when each watch was started, or last gave a sign of life
 */
public record Standing(
        boolean isReady,
        String waitsFor,
        String remark,
        Optional<String> refusal,
        int services,
        int slices,
        int heldDeletions,
        Map<Kind, Instant> heardAt) {
    public Standing {
        heardAt = InOrder.copyOf(heardAt);
    }

    /** Whether another watcher owns the cluster, or none yet. */
    public boolean isStandby() {
        return equals(STANDBY);
    }

    static final Standing STANDBY = new Standing(
            false, "another watcher owns the cluster, or none yet", "", Optional.empty(), 0, 0, 0, Map.of());
}
