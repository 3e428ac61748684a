package io.ballast.schemas.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the watcher knows of one cluster. Topic clusters, key cluster.
 *
 * @param clusterUid UID of the kube-system namespace; a watcher refuses a cluster whose UID differs
 * @param watcherEpoch number of watcher take-overs so far, 1 for the first
 * @param lastComparisonEpochMillis when the last full comparison ended, milliseconds since 1970; null before the first
 * @param heldDeletions deletions held by the brake, sorted by key
 * @param nodesWatched whether the Nodes of the cluster are published, each before the first Service of a start
 */
public record ClusterRecord(
        String clusterUid,
        long watcherEpoch,
        @Nullable Long lastComparisonEpochMillis,
        List<HeldDeletion> heldDeletions,
        boolean nodesWatched) {
    public ClusterRecord {
        heldDeletions = List.copyOf(heldDeletions);
    }
}
