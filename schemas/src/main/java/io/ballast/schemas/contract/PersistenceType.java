package io.ballast.schemas.contract;

/** Octavia session persistence type. */
public enum PersistenceType {
    /** A symbol that this version does not know, written by a newer one. */
    UNKNOWN,
    SOURCE_IP,
    HTTP_COOKIE,
    APP_COOKIE
}
