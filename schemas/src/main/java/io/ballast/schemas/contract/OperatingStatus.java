package io.ballast.schemas.contract;

/** Octavia operating status. */
public enum OperatingStatus {
    /** A symbol that this version does not know, written by a newer one. */
    UNKNOWN,
    ONLINE,
    OFFLINE,
    DEGRADED,
    ERROR,
    NO_MONITOR,
    DRAINING
}
