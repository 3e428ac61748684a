package io.ballast.schemas.contract;

/** What should be. */
public enum DesiredState {
    /** A symbol that this version does not know, written by a newer one. */
    UNKNOWN,
    /** The load balancers should be there. */
    PRESENT,
    /** They should be gone; never retracted for this incarnation. */
    ABSENT,
    /** Ballast does not serve this Service, for the given reason. */
    NOT_MANAGED,
    /** The Service cannot be served as it stands; load balancers that are there already are kept as listed. */
    REFUSED
}
