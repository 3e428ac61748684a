package io.ballast.schemas.contract;

/** Why a phase holds, a closed list. */
public enum StatusReason {
    /** A symbol that this version does not know, written by a newer one. */
    UNKNOWN,
    /** No VIP is granted yet. */
    ADDRESS_WAITING,
    /** The VIP is refused. */
    ADDRESS_REFUSED,
    /** The load balancer serves, but its external address is not granted yet. */
    EXTERNAL_WAITING,
    /** The load balancer serves, but its external address is refused. */
    EXTERNAL_REFUSED,
    /** The translator refused the Service. */
    SERVICE_REFUSED,
    /** Served without a feature that the provider lacks. */
    FEATURE_UNSUPPORTED,
    /** OpenStack does not answer. */
    OPENSTACK_UNAVAILABLE,
    /** Octavia is busy; tried again soon. */
    OPENSTACK_BUSY,
    /** Octavia refused; only another spec or configuration can help. */
    OPENSTACK_REFUSED,
    /** An Octavia quota is used up. */
    QUOTA_EXCEEDED,
    /** The credentials lack a role. */
    FORBIDDEN,
    /** The VIP is held by something that is not ours. */
    VIP_CONFLICT,
    /** Octavia keeps the load balancer PENDING for too long. */
    STUCK_PENDING,
    /** The load balancer is in ERROR. */
    LOAD_BALANCER_ERROR,
    /** Octavia refused a part; the rest serves. */
    PARTLY_REFUSED,
    /** No OpenStack credentials are configured. */
    NO_CREDENTIALS,
    /** A floating IP that a user associated is left alone. */
    FOREIGN_FLOATING_IP,
    /** A floating IP that ipam granted is not there in Neutron; ipam looks for it and makes another one. */
    FLOATING_IP_GONE,
    /** A create that failed left the port of the VIP behind; it is deleted when it is certain that nobody uses it. */
    LEFTOVER_PORT,
    /** A person gave up on the load balancer, which stays PENDING. */
    ABANDONED,
    /** A load balancer that is not ours has its name, or a longer one that begins with it; it is left alone. */
    FOREIGN_NAME,
    /** Octavia put a health monitor into ERROR, which stops all traffic on its provider; served without. */
    MONITOR_FAILED
}
