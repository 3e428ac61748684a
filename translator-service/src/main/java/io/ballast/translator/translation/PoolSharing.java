package io.ballast.translator.translation;

/** Whether the ports of a Service share pools. */
public enum PoolSharing {
    /** Ports of one protocol with the same target port and the same backends share one pool. */
    SHARED,
    /** A pool for each port. */
    PER_PORT
}
