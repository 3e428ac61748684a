package io.ballast.translator.translation;

/** How node members of a Service with externalTrafficPolicy Local are told from those that would drop its traffic. */
public enum LocalTraffic {
    /** Only nodes with endpoints are members. */
    ENDPOINTS,
    /** All nodes are, and a health monitor asks each at the Service's healthCheckNodePort; where the provider can. */
    HEALTH_CHECK
}
