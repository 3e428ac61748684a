package io.ballast.watcher.snapshot;

import io.ballast.schemas.contract.LoadBalancerStatus;
import org.jspecify.annotations.Nullable;

/**
 * What an Event on the Service is to say, once for each transition.
 *
 * @param warning whether something is wrong
 * @param reason a name that people search for
 * @param message what happened, and what to do next where something has to be done
 */
public record Announcement(boolean warning, String reason, String message) {
    static Announcement ensuring(String message) {
        return new Announcement(false, "EnsuringLoadBalancer", message);
    }

    static Announcement ensured(String message) {
        return new Announcement(false, "EnsuredLoadBalancer", message);
    }

    /** The load balancer was changed. */
    public static Announcement updated() {
        return new Announcement(
                false, "UpdatedLoadBalancer", "The load balancer follows the Service and its endpoints.");
    }

    static Announcement deleting(String message) {
        return new Announcement(false, "DeletingLoadBalancer", message);
    }

    static Announcement deleted() {
        return new Announcement(
                false, "DeletedLoadBalancer", "The load balancer is deleted and its addresses are given back.");
    }

    static Announcement abandoned(@Nullable LoadBalancerStatus status) {
        return failed(status == null ? "The load balancer was given up on." : status.message());
    }

    static Announcement allocated(String addresses) {
        return new Announcement(false, "IPAllocated", "Reachable at " + addresses + ".");
    }

    static Announcement allocationFailed(String message) {
        return new Announcement(true, "AllocationFailed", message);
    }

    static Announcement failed(String message) {
        return new Announcement(true, "SyncLoadBalancerFailed", message);
    }
}
