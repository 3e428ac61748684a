package io.ballast.schemas.contract;

/** Whether addresses are wanted. */
public enum ClaimState {
    /** A symbol that this version does not know, written by a newer one. */
    UNKNOWN,
    /** Addresses are asked for. */
    WANTED,
    /** They are no longer needed once the load balancer is gone. */
    WITHDRAWN
}
