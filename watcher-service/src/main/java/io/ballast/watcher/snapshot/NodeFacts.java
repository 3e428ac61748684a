package io.ballast.watcher.snapshot;

import io.ballast.schemas.contract.InOrder;
import io.ballast.schemas.contract.NodeAddress;
import java.util.List;
import java.util.Map;

/**
 * One node as the API server showed it.
 *
 * @param name metadata.name
 * @param uid metadata.uid
 * @param resourceVersion metadata.resourceVersion
 * @param addresses status.addresses, in order
 * @param ready condition Ready is True
 * @param labels metadata.labels
 * @param leaving has a deletionTimestamp, or the taint of the cluster autoscaler before it deletes a node
 */
public record NodeFacts(
        String name,
        String uid,
        String resourceVersion,
        List<NodeAddress> addresses,
        boolean ready,
        Map<String, String> labels,
        boolean leaving)
        implements Facts {
    public NodeFacts {
        addresses = List.copyOf(addresses);
        labels = InOrder.copyOf(labels);
    }
}
