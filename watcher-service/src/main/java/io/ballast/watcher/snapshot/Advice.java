package io.ballast.watcher.snapshot;

import io.ballast.schemas.contract.AllocationReason;
import io.ballast.schemas.contract.StatusReason;
import org.jspecify.annotations.Nullable;

/** What a person can do about a reason, in one sentence; empty where waiting is all there is to do. */
final class Advice {
    private Advice() {}

    /** A message with its advice behind it, each a sentence of its own. */
    static String after(String message, String advice) {
        if (message.isEmpty() || advice.isEmpty()) {
            return message + advice;
        }
        return message + (message.matches("(?s).*[.!?]") ? " " : ". ") + advice;
    }

    static String on(@Nullable StatusReason reason) {
        return switch (reason) {
            case null -> "";
            case UNKNOWN, ADDRESS_WAITING, EXTERNAL_WAITING, OPENSTACK_BUSY -> "";
            case ADDRESS_REFUSED, EXTERNAL_REFUSED -> "Ask for another address or correct the address pools.";
            case SERVICE_REFUSED -> "Correct the Service; what already serves goes on.";
            case FEATURE_UNSUPPORTED -> "Choose a provider that has it, or leave it out of the Service.";
            case OPENSTACK_UNAVAILABLE -> "Nothing to do on the Service: it is tried again until OpenStack answers.";
            case OPENSTACK_REFUSED -> "Correct the Service or the configuration of the cloud.";
            case QUOTA_EXCEEDED -> "Raise the Octavia quota of the project or delete load balancers.";
            case FORBIDDEN -> "Give the credentials of octavia-service the role that Octavia asks for.";
            case VIP_CONFLICT -> "Delete the Neutron port that holds the address, or the Service.";
            case STUCK_PENDING -> "Ask the operator of the cloud to set the load balancer free.";
            case LOAD_BALANCER_ERROR -> "See the load balancer in Octavia; a failover may mend it.";
            case LEFTOVER_PORT -> "Nothing to do: the port is deleted when it is certain that nobody uses it.";
            case ABANDONED -> "Ask the operator of the cloud to set the load balancer free.";
            case PARTLY_REFUSED -> "Correct the part that the message names.";
            case NO_CREDENTIALS -> "Give octavia-service a clouds.yaml.";
            case FLOATING_IP_GONE -> "Nothing to do unless you named the address: another one is granted.";
            case MONITOR_FAILED ->
                "Give the members Neutron ports and their subnet a port that OVN probes from, then switch ballast.io/health-monitor off and on.";
            case FOREIGN_NAME -> "Nothing to do: only who looks for load balancers by name takes one for the other.";
            case FOREIGN_FLOATING_IP -> "Disassociate it to have the address that was granted.";
        };
    }

    static String on(AllocationReason reason) {
        return switch (reason) {
            case UNKNOWN, INVENTORY_INCOMPLETE, EXTERNAL_QUARANTINED -> "";
            case ALLOCATION_UNREADABLE -> "See the dead letters of address-allocations.";
            case VIP_OUTSIDE_RANGE -> "Make the VIP range of ipam-service hold the service range of the cluster.";
            case VIP_INSIDE_ALLOCATION_POOL -> "Shrink the allocation pool of the service subnet.";
            case VIP_IS_GATEWAY -> "Move the gateway of the service subnet out of the VIP range.";
            case VIP_HELD_BY_ANOTHER -> "It is granted when the other Service has let go of it.";
            case VIP_HELD_BY_FOREIGN_PORT -> "Delete the Neutron port that holds the address.";
            case NO_VIP_RANGE -> "Configure a VIP range for the cluster in ipam-service.";
            case VIP_RANGE_EXHAUSTED -> "Widen the VIP range or delete Services.";
            case VRRP_EXHAUSTED -> "Widen the allocation pools of the subnet or delete Services.";
            case NO_EXTERNAL_POOL -> "Configure an external pool for the namespace in ipam-service.";
            case EXTERNAL_POOL_EXHAUSTED -> "Widen the external pool or delete Services of type LoadBalancer.";
            case EXTERNAL_QUOTA -> "Raise the floating IP quota of the project.";
            case EXTERNAL_NOT_FOUND -> "Make the floating IP, or leave loadBalancerIP empty.";
            case EXTERNAL_HELD_BY_ANOTHER -> "Ask for another address or delete the other Service.";
            case EXTERNAL_IN_USE -> "Disassociate the floating IP or ask for another.";
            case EXTERNAL_WRONG_NETWORK -> "Ask for an address of the configured external network.";
            case EXTERNAL_FAMILY_UNSUPPORTED -> "Neutron has no floating IPs of this family: use a plain range.";
            case NO_ROUTER_PATH -> "Connect the service subnet to the external network by a router.";
            case OPENSTACK_UNAVAILABLE -> "Nothing to do on the Service: it is tried again until Neutron answers.";
            case OPENSTACK_REFUSED -> "Correct the Service or the configuration of the cloud.";
            case NO_CREDENTIALS -> "Give ipam-service a clouds.yaml.";
            case EXTERNAL_POOL_DRAINING -> "Ask for another pool.";
            case EXTERNAL_POOL_QUOTA -> "Delete Services of type LoadBalancer or have the limit of the pool raised.";
        };
    }
}
