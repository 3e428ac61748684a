package io.ballast.watcher.snapshot;

import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.StatusReason;
import org.jspecify.annotations.Nullable;

/**
 * What the others say of a Service, and what they were seen to say before they took it back.
 *
 * @param status row of load-balancer-status; null for none
 * @param allocation row of address-allocations; null for none
 * @param deletedUid uid for which DELETED was seen; null for none
 * @param releasedUid uid for which RELEASED was seen; null for none
 */
public record Chain(
        @Nullable LoadBalancerStatus status,
        @Nullable AddressAllocation allocation,
        @Nullable String deletedUid,
        @Nullable String releasedUid) {
    /** Nobody says anything. */
    public static final Chain SILENT = new Chain(null, null, null, null);

    /** Status, when it speaks of this uid. */
    @Nullable
    LoadBalancerStatus statusOf(String uid) {
        return status != null && status.serviceUid().equals(uid) ? status : null;
    }

    /** Allocation, when it speaks of this uid. */
    @Nullable
    AddressAllocation allocationOf(String uid) {
        return allocation != null && allocation.serviceUid().equals(uid) ? allocation : null;
    }

    /** Whether nothing of this uid is left in OpenStack. */
    boolean isDeleted(String uid) {
        var now = statusOf(uid);
        return now == null ? uid.equals(deletedUid) : now.phase() == LoadBalancerPhase.DELETED;
    }

    /** Whether a person gave up on what is left of this uid: it and its addresses stay, and the Service may go. */
    boolean isAbandoned(String uid) {
        var now = statusOf(uid);
        return now != null && now.phase() == LoadBalancerPhase.DELETED && now.reason() == StatusReason.ABANDONED;
    }

    /** Whether no address is held for this uid. */
    boolean isReleased(String uid) {
        var now = allocationOf(uid);
        return now == null ? uid.equals(releasedUid) : now.state() == AllocationState.RELEASED;
    }

    /** A uid of which something is left to be ended; null when there is none. */
    public @Nullable String aliveUid() {
        if (status != null && status.phase() != LoadBalancerPhase.DELETED) {
            return status.serviceUid();
        }
        return allocation != null && allocation.state() != AllocationState.RELEASED ? allocation.serviceUid() : null;
    }

    /** This, after one of its rows was replaced: an end that was said stays said. */
    public static Chain remember(
            @Nullable Chain before, @Nullable LoadBalancerStatus status, @Nullable AddressAllocation allocation) {
        var old = before == null ? SILENT : before;
        var deleted = old.deletedUid;
        if (status != null && status.phase() == LoadBalancerPhase.DELETED) {
            deleted = status.serviceUid();
        }
        var released = old.releasedUid;
        if (allocation != null && allocation.state() == AllocationState.RELEASED) {
            released = allocation.serviceUid();
        }
        return new Chain(status, allocation, deleted, released);
    }
}
