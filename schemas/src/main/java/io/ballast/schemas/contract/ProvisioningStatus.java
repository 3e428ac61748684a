package io.ballast.schemas.contract;

/** Octavia provisioning status. */
public enum ProvisioningStatus {
    /** A symbol that this version does not know, written by a newer one. */
    UNKNOWN,
    ACTIVE,
    ERROR,
    PENDING_CREATE,
    PENDING_UPDATE,
    PENDING_DELETE,
    DELETED
}
