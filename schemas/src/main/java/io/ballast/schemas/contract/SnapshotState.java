package io.ballast.schemas.contract;

/** Whether a Service is there. */
public enum SnapshotState {
    /** A symbol that this version does not know, written by a newer one. */
    UNKNOWN,
    /** The Service exists and the body is what the API server last said. */
    PRESENT,
    /** The Service with this uid was seen to go, or a live GET did not find it. */
    GONE
}
