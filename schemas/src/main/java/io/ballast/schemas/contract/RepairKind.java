package io.ballast.schemas.contract;

/** How a load balancer in ERROR is repaired. */
public enum RepairKind {
    /** A symbol that this version does not know, written by a newer one. */
    UNKNOWN,
    /** Deleted and made anew, with its addresses. */
    RECREATED,
    /** Octavia was asked for a failover. */
    FAILED_OVER
}
