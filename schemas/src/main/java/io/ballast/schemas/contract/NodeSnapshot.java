package io.ballast.schemas.contract;

import java.util.List;
import java.util.Map;

/**
 * The full state of one node. Topic nodes, key cluster/node; its end is a tombstone.
 *
 * @param clusterUid UID of the cluster's kube-system namespace
 * @param uid metadata.uid of the node
 * @param addresses status.addresses in the order of Kubernetes
 * @param ready condition Ready is True
 * @param excluded carries the label node.kubernetes.io/exclude-from-external-load-balancers
 * @param labels metadata.labels
 * @param leaving is being deleted (metadata.deletionTimestamp), or the cluster autoscaler marked it so (taint ToBeDeletedByClusterAutoscaler)
 */
public record NodeSnapshot(
        String clusterUid,
        String uid,
        List<NodeAddress> addresses,
        boolean ready,
        boolean excluded,
        Map<String, String> labels,
        boolean leaving) {
    public NodeSnapshot {
        addresses = List.copyOf(addresses);
        labels = SortedEntries.copyOf(labels);
    }
}
