package io.ballast.schemas.contract;

import org.jspecify.annotations.Nullable;

/**
 * One port of a slice. Source: Kubernetes discovery/v1 EndpointPort.
 *
 * @param name name of the Service port it resolves; null or absent for an unnamed one
 * @param protocol protocol, TCP when absent
 * @param port 1..65535, resolved port of the endpoint; null means all ports
 */
public record SlicePort(
        @Nullable String name,
        PortProtocol protocol,
        @Nullable Integer port) {}
