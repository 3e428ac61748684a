package io.ballast.schemas.contract;

/**
 * The object behind an endpoint. Source: Kubernetes EndpointSlice targetRef.
 *
 * @param kind Pod, Node or another kind
 * @param namespace its namespace; empty when it has none
 * @param name its name
 * @param uid its uid; empty when absent
 */
public record EndpointTarget(String kind, String namespace, String name, String uid) {}
