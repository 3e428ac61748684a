package io.ballast.schemas.contract;

/** Kubernetes external or internal traffic policy. */
public enum TrafficPolicy {
    /** A symbol that this version does not know, written by a newer one. */
    UNKNOWN,
    CLUSTER,
    LOCAL
}
