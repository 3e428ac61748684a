package io.ballast.schemas.contract;

import java.util.List;

/**
 * The full state of one EndpointSlice of a Service. Topic endpoint-slices, key cluster/namespace/name/slice; its end is a tombstone.
 *
 * @param clusterUid UID of the cluster's kube-system namespace
 * @param uid metadata.uid of the slice
 * @param resourceVersion metadata.resourceVersion when it was published; not part of any comparison of content
 * @param addressType family of every address in it
 * @param managedBy label endpointslice.kubernetes.io/managed-by; empty when absent
 * @param ports ports, sorted by name, protocol, number
 * @param endpoints endpoints, sorted by first address, then target name
 */
public record EndpointSliceSnapshot(
        String clusterUid,
        String uid,
        String resourceVersion,
        AddressType addressType,
        String managedBy,
        List<SlicePort> ports,
        List<SliceEndpoint> endpoints) {
    public EndpointSliceSnapshot {
        ports = List.copyOf(ports);
        endpoints = List.copyOf(endpoints);
    }
}
