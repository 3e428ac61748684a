package io.ballast.schemas.contract;

/** Octavia health monitor type. */
public enum HealthMonitorType {
    /** A symbol that this version does not know, written by a newer one. */
    UNKNOWN,
    TCP,
    HTTP,
    HTTPS,
    PING,
    TLS_HELLO,
    UDP_CONNECT,
    SCTP
}
