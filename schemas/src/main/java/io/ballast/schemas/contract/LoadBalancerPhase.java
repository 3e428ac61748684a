package io.ballast.schemas.contract;

/** Where the load balancer of a Service stands. */
public enum LoadBalancerPhase {
    /** A symbol that this version does not know, written by a newer one. */
    UNKNOWN,
    /** Wanted, and waiting for addresses or for OpenStack; nothing is made yet. */
    WAITING,
    /** The load balancer is being made. */
    CREATING,
    /** It serves, and a change is on its way. */
    UPDATING,
    /** It is as desired. */
    ACTIVE,
    /** It serves, but something in it cannot be made as desired; the message names it. */
    DEGRADED,
    /** Octavia put it into ERROR. */
    ERROR,
    /** It is being deleted. */
    DELETING,
    /** Nothing of this incarnation is left in OpenStack. */
    DELETED,
    /** The Service was refused; the message says why. */
    REFUSED,
    /** The Service is not served by Ballast. */
    NOT_MANAGED,
    /** Found in OpenStack with our tag, and no desired state speaks of it. */
    OBSERVED
}
