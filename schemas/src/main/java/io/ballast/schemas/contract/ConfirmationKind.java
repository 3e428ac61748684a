package io.ballast.schemas.contract;

/** What a person confirmed. */
public enum ConfirmationKind {
    /** A symbol that this version does not know, written by a newer one. */
    UNKNOWN,
    /** The held deletions of a cluster may go on. */
    DELETIONS
}
