package io.ballast.schemas.contract;

/** What proved that a Service is gone. */
public enum GoneReason {
    /** A symbol that this version does not know, written by a newer one. */
    UNKNOWN,
    /** It carries a deletionTimestamp. */
    DELETION_TIMESTAMP,
    /** The watch delivered its DELETE. */
    WATCHED_DELETE,
    /** Its namespace is Terminating and a live GET answered 404. */
    NAMESPACE_TERMINATING,
    /** A live GET answered 404. */
    CONFIRMED_ABSENT,
    /** A live GET answered another uid. */
    REPLACED
}
