package io.ballast.schemas.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The full state of one Service, or that it is gone. Topic services, key cluster/namespace/name.
 *
 * @param state PRESENT with a service, or GONE without
 * @param clusterUid UID of the cluster's kube-system namespace
 * @param uid metadata.uid of the Service
 * @param resourceVersion metadata.resourceVersion when it was published; not part of any comparison of content; empty when unknown
 * @param goneBecause why it is gone; null while PRESENT
 * @param service the Service; null when GONE
 * @param abandoned GONE with the Service still there: ids of load balancers that a person gave up on; sorted
 */
public record ServiceSnapshot(
        SnapshotState state,
        String clusterUid,
        String uid,
        String resourceVersion,
        @Nullable GoneReason goneBecause,
        @Nullable ServiceBody service,
        List<String> abandoned) {
    public ServiceSnapshot {
        abandoned = List.copyOf(abandoned);
    }

    /** Nobody gave up on anything. */
    public ServiceSnapshot(
            SnapshotState state,
            String clusterUid,
            String uid,
            String resourceVersion,
            @Nullable GoneReason goneBecause,
            @Nullable ServiceBody service) {
        this(state, clusterUid, uid, resourceVersion, goneBecause, service, List.of());
    }
}
