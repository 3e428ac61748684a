package io.ballast.watcher.kafka;

import io.ballast.watcher.snapshot.Kind;
import java.time.Instant;
import java.util.Map;

/**
 * How the watcher stands, for readiness and metrics.
 *
 * @param isReady whether the cluster is accepted and every kind was listed
 * @param waitsFor what it waits for, in words; empty when ready
 * @param remark what keeps it from going on although it was ready, in words; empty for nothing
 * @param isRefused whether the cluster is not the one recorded under its name; nothing is published then
 * @param services Services seen
 * @param slices slices seen
 * @param heldDeletions deletions that the brake holds
 * @param heardAt when each watch was started, or last gave a sign of life
 */
public record Standing(
        boolean isReady,
        String waitsFor,
        String remark,
        boolean isRefused,
        int services,
        int slices,
        int heldDeletions,
        Map<Kind, Instant> heardAt) {
    public Standing {
        heardAt = Map.copyOf(heardAt);
    }

    /** Whether another watcher owns the cluster, or none yet. */
    public boolean isStandby() {
        return equals(STANDBY);
    }

    static final Standing STANDBY =
            new Standing(false, "another watcher owns the cluster, or none yet", "", false, 0, 0, 0, Map.of());
}
