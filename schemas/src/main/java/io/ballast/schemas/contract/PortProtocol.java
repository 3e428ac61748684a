package io.ballast.schemas.contract;

/** Kubernetes port protocol. */
public enum PortProtocol {
    /** A symbol that this version does not know, written by a newer one. */
    UNKNOWN,
    TCP,
    UDP,
    SCTP
}
