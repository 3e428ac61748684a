package io.ballast.schemas.contract;

/** Octavia pool protocol. */
public enum PoolProtocol {
    /** A symbol that this version does not know, written by a newer one. */
    UNKNOWN,
    TCP,
    UDP,
    SCTP,
    HTTP,
    HTTPS,
    PROXY,
    PROXYV2
}
