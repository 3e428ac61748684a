package io.ballast.schemas.contract;

/** What is known of one mutating call. */
public enum OutcomeKind {
    /** No answer came, so it may have been done; also a kind that this version does not know. */
    UNKNOWN,
    /** The call is about to be made. */
    STARTED,
    /** OpenStack accepted it. */
    DONE,
    /** OpenStack refused it. */
    FAILED
}
