package io.ballast.schemas.contract;

/** An address family. Source: Kubernetes Service spec.ipFamilies. */
public enum IpFamily {
    /** A symbol that this version does not know, written by a newer one. */
    UNKNOWN,
    IPV4,
    IPV6
}
