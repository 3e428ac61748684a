package io.ballast.schemas.contract;

/** Why an address is not granted, a closed list. */
public enum AllocationReason {
    /** A symbol that this version does not know, written by a newer one. */
    UNKNOWN,
    /** octavia has not yet said what exists in every partition. */
    INVENTORY_INCOMPLETE,
    /** An allocation in the pool cannot be read; nothing new is granted there. */
    ALLOCATION_UNREADABLE,
    /** The address is not in the VIP range of the service subnet. */
    VIP_OUTSIDE_RANGE,
    /** The address lies in an allocation pool of the subnet, where Neutron may give it to a port. */
    VIP_INSIDE_ALLOCATION_POOL,
    /** The address is the gateway of the subnet. */
    VIP_IS_GATEWAY,
    /** Another Service holds the address. */
    VIP_HELD_BY_ANOTHER,
    /** A port that is not ours holds the address. */
    VIP_HELD_BY_FOREIGN_PORT,
    /** No VIP range is configured for the cluster and family. */
    NO_VIP_RANGE,
    /** The VIP range is used up. */
    VIP_RANGE_EXHAUSTED,
    /** The allocation pools of the subnet have no room for the ports of another load balancer. */
    VRRP_EXHAUSTED,
    /** No external pool is configured that may serve the claim. */
    NO_EXTERNAL_POOL,
    /** The external pool is used up. */
    EXTERNAL_POOL_EXHAUSTED,
    /** Neutron's floating IP quota is used up. */
    EXTERNAL_QUOTA,
    /** The address asked for does not exist as a floating IP. */
    EXTERNAL_NOT_FOUND,
    /** Another Service holds the address asked for. */
    EXTERNAL_HELD_BY_ANOTHER,
    /** The floating IP asked for is attached to something else. */
    EXTERNAL_IN_USE,
    /** The address asked for is not on a configured external network. */
    EXTERNAL_WRONG_NETWORK,
    /** The address rests after its release. */
    EXTERNAL_QUARANTINED,
    /** A floating IP of this family does not exist. */
    EXTERNAL_FAMILY_UNSUPPORTED,
    /** The external network is not reachable from the service subnet. */
    NO_ROUTER_PATH,
    /** Neutron does not answer. */
    OPENSTACK_UNAVAILABLE,
    /** Neutron refused, for the reason in the message. */
    OPENSTACK_REFUSED,
    /** No OpenStack credentials are configured. */
    NO_CREDENTIALS,
    /** The external pool gives no new addresses: the operator empties it. */
    EXTERNAL_POOL_DRAINING,
    /** The namespace or the cluster has as many addresses of the external pool as it may have. */
    EXTERNAL_POOL_QUOTA
}
