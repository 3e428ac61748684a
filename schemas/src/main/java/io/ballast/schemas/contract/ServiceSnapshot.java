package io.ballast.schemas.contract;

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
 */
public record ServiceSnapshot(
        SnapshotState state,
        String clusterUid,
        String uid,
        String resourceVersion,
        @Nullable GoneReason goneBecause,
        @Nullable ServiceBody service) {}
