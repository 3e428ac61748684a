package io.ballast.schemas.contract;

/** Octavia load balancing algorithm. */
public enum LbAlgorithm {
    /** A symbol that this version does not know, written by a newer one. */
    UNKNOWN,
    ROUND_ROBIN,
    LEAST_CONNECTIONS,
    SOURCE_IP,
    SOURCE_IP_PORT
}
