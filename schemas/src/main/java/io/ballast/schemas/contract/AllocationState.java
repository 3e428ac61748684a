package io.ballast.schemas.contract;

/** What became of a claim's VIPs. */
public enum AllocationState {
    /** A symbol that this version does not know, written by a newer one. */
    UNKNOWN,
    /** Not granted yet, for the given reason; will be when that ends. */
    WAITING,
    /** Every VIP is granted. */
    GRANTED,
    /** Cannot be granted until claim or configuration change. */
    REFUSED,
    /** Given back; nothing is held for this incarnation. */
    RELEASED
}
