package io.ballast.schemas.contract;

/** Octavia listener protocol. */
public enum ListenerProtocol {
    /** A symbol that this version does not know, written by a newer one. */
    UNKNOWN,
    TCP,
    UDP,
    SCTP,
    HTTP,
    HTTPS,
    TERMINATED_HTTPS
}
