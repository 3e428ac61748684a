package io.ballast.schemas.contract;

/** Kubernetes Service spec.ipFamilyPolicy. */
public enum IpFamilyPolicy {
    /** A symbol that this version does not know, written by a newer one. */
    UNKNOWN,
    SINGLE_STACK,
    PREFER_DUAL_STACK,
    REQUIRE_DUAL_STACK
}
