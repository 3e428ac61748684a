package io.ballast.schemas.contract;

import org.jspecify.annotations.Nullable;

/**
 * One port of a Service. Source: Kubernetes ServicePort.
 *
 * @param name name of the port; null for a single unnamed port
 * @param protocol protocol, TCP when Kubernetes left it out
 * @param port 1..65535, the port the Service listens on
 * @param targetPort number or name of the container port, as text
 * @param nodePort 1..65535; null where none is allocated
 * @param appProtocol application protocol; null when absent
 */
public record ServicePort(
        @Nullable String name,
        PortProtocol protocol,
        int port,
        String targetPort,
        @Nullable Integer nodePort,
        @Nullable String appProtocol) {}
