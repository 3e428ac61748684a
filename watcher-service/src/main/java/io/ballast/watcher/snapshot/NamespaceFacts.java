package io.ballast.watcher.snapshot;

import io.ballast.schemas.contract.InOrder;
import java.util.Map;

/**
 * One namespace as the API server showed it.
 *
 * @param name metadata.name
 * @param uid metadata.uid
 * @param resourceVersion metadata.resourceVersion
 * @param terminating whether it is being deleted
 * @param labels metadata.labels
 * @param annotations those that Ballast reads
 */
public record NamespaceFacts(
        String name,
        String uid,
        String resourceVersion,
        boolean terminating,
        Map<String, String> labels,
        Map<String, String> annotations)
        implements Facts {
    public NamespaceFacts {
        labels = InOrder.copyOf(labels);
        annotations = InOrder.copyOf(annotations);
    }
}
