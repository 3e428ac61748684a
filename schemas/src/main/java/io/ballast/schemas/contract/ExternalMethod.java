package io.ballast.schemas.contract;

/** How an external address comes about. */
public enum ExternalMethod {
    /** A symbol that this version does not know, written by a newer one. */
    UNKNOWN,
    /** ipam chooses, from a floating network or a plain range. */
    POOL,
    /** The user named it; it is never substituted and never deleted. */
    USER
}
