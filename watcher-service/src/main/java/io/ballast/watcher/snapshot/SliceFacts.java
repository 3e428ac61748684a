package io.ballast.watcher.snapshot;

import io.ballast.schemas.contract.AddressType;
import io.ballast.schemas.contract.SliceEndpoint;
import io.ballast.schemas.contract.SlicePort;
import java.util.List;

/**
 * One EndpointSlice as the API server showed it.
 *
 * @param namespace metadata.namespace
 * @param name metadata.name
 * @param uid metadata.uid
 * @param resourceVersion metadata.resourceVersion
 * @param service name of its Service, by its label; empty when it has none
 * @param addressType addressType
 * @param managedBy label endpointslice.kubernetes.io/managed-by; empty when absent
 * @param ports ports as the API server ordered them
 * @param endpoints endpoints as the API server ordered them
 */
public record SliceFacts(
        String namespace,
        String name,
        String uid,
        String resourceVersion,
        String service,
        AddressType addressType,
        String managedBy,
        List<SlicePort> ports,
        List<SliceEndpoint> endpoints)
        implements Facts {
    public SliceFacts {
        ports = List.copyOf(ports);
        endpoints = List.copyOf(endpoints);
    }
}
