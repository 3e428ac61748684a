package io.ballast.watcher.snapshot;

import io.ballast.schemas.contract.ServiceBody;
import java.util.List;
import java.util.Optional;

/**
 * One Service as the API server showed it.
 *
 * @param namespace metadata.namespace
 * @param name metadata.name
 * @param uid metadata.uid
 * @param resourceVersion metadata.resourceVersion
 * @param deleting whether metadata.deletionTimestamp is set
 * @param finalizers metadata.finalizers, in order
 * @param spec what matters in labels, annotations and spec; its maps of the namespace are empty, {@link Snapshots} fills them
 * @param ingress status.loadBalancer.ingress, in order
 * @param conditions status.conditions, in order
 */
public record ServiceFacts(
        String namespace,
        String name,
        String uid,
        String resourceVersion,
        boolean deleting,
        List<String> finalizers,
        ServiceBody spec,
        List<IngressFacts> ingress,
        List<ConditionFacts> conditions)
        implements Facts {
    public ServiceFacts {
        finalizers = List.copyOf(finalizers);
        ingress = List.copyOf(ingress);
        conditions = List.copyOf(conditions);
    }

    /** Whether our finalizer holds it. */
    public boolean isHeld() {
        return finalizers.contains(Names.FINALIZER);
    }

    /** Our condition; empty before the first was written. */
    public Optional<ConditionFacts> programmed() {
        return conditions.stream()
                .filter(condition -> condition.type().equals(Names.CONDITION))
                .findFirst();
    }
}
