package io.ballast.schemas.contract;

/** Kubernetes EndpointSlice addressType. */
public enum AddressType {
    /** A symbol that this version does not know, written by a newer one. */
    UNKNOWN,
    IPV4,
    IPV6,
    FQDN
}
