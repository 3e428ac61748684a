package io.ballast.schemas.contract;

/** Kubernetes Service spec.sessionAffinity. */
public enum SessionAffinity {
    /** A symbol that this version does not know, written by a newer one. */
    UNKNOWN,
    NONE,
    CLIENT_IP
}
