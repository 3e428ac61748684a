package io.ballast.ipam.allocation;

import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AddressClaim;
import io.ballast.schemas.contract.IpAddress;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.ServiceKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A fact that the ledger takes as it is. */
public sealed interface AllocationEvent {
    /**
     * The allocation of a Service is now this: the record of the topic, live or replayed.
     *
     * @param row the allocation; null when it is over
     * @param claim the claim it answers; null when it is not known
     */
    record Allocated(
            ServiceKey key,
            @Nullable AddressAllocation row,
            @Nullable AddressClaim claim) implements AllocationEvent {}

    /** A Service lets go: it no longer waits for anything, and its rivals may know. */
    record Withdrawn(ServiceKey key) implements AllocationEvent {}

    /** An external address of a pool rests, or is kept for its last holder; null for not. */
    record Rested(
            String pool,
            IpAddress address,
            ServiceKey lastHolder,
            Instant until,
            @Nullable Kept kept) implements AllocationEvent {}

    /** An external address of a pool rests no longer: its last holder has it again, or it is gone. */
    record RestEnded(String pool, IpAddress address) implements AllocationEvent {}

    /** octavia said what exists of a Service: its addresses are held by it, whatever else is known; null when nothing does. */
    record Observed(ServiceKey key, @Nullable LoadBalancerStatus status) implements AllocationEvent {}

    /** Neutron was read. */
    record NeutronRead(NeutronFacts facts) implements AllocationEvent {}

    /** It is now this late: what has rested long enough is free. */
    record TimePassed(Instant now) implements AllocationEvent {}
}
