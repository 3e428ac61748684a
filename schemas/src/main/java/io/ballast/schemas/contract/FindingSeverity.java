package io.ballast.schemas.contract;

/** How bad a pre-flight finding is. */
public enum FindingSeverity {
    /** A symbol that this version does not know, written by a newer one. */
    UNKNOWN,
    /** Something will not work as expected. */
    WARNING,
    /** Nothing new is granted until it is mended. */
    ERROR
}
