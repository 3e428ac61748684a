package io.ballast.watcher.snapshot;

import io.ballast.schemas.contract.ClusterRecord;
import java.util.Map;
import java.util.Optional;

/** Whether a cluster is the one that is recorded under its name. */
public final class ClusterIdentity {
    private ClusterIdentity() {}

    /**
     * Why nothing may be published of the cluster, in one sentence; empty when its name and its UID belong together, or
     * neither is recorded yet.
     *
     * @param name name that is configured
     * @param uid UID of its kube-system namespace
     * @param records what is recorded, by name of the cluster
     */
    public static Optional<String> refusal(String name, String uid, Map<String, ClusterRecord> records) {
        var recorded = records.get(name);
        if (recorded != null) {
            return recorded.clusterUid().equals(uid) ? Optional.empty() : Optional.of(another(name, uid, recorded));
        }
        return records.entrySet().stream()
                .filter(record -> record.getValue().clusterUid().equals(uid))
                .map(Map.Entry::getKey)
                .sorted()
                .findFirst()
                .map(old -> renamed(name, uid, old));
    }

    private static String another(String name, String uid, ClusterRecord recorded) {
        return ("the cluster %s has kube-system UID %s, but %s is recorded under that name: give this cluster a name of its"
                        + " own, or, if the recorded one is no more, end it with 'ballast clusters forget --cluster %s'")
                .formatted(name, uid, recorded.clusterUid(), name);
    }

    private static String renamed(String name, String uid, String old) {
        return ("the cluster with kube-system UID %s is recorded as %s and configured as %s: go back to that name, or rename"
                        + " it with 'ballast clusters rename --from %s --to %s'")
                .formatted(uid, old, name, old, name);
    }
}
