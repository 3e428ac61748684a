package io.ballast.schemas.contract;

/** What a pool holds. */
public enum PoolKind {
    /** A symbol that this version does not know, written by a newer one. */
    UNKNOWN,
    /** VIP addresses of a service subnet. */
    VIP,
    /** Ports of amphorae, in the allocation pools of a service subnet. */
    VRRP,
    /** Addresses reachable from outside. */
    EXTERNAL
}
