package io.ballast.schemas.contract;

/** Kubernetes Service spec.type. */
public enum ServiceType {
    /** A symbol that this version does not know, written by a newer one. */
    UNKNOWN,
    CLUSTER_IP,
    NODE_PORT,
    LOAD_BALANCER,
    EXTERNAL_NAME
}
