package io.ballast.ipam.allocation;

import io.ballast.schemas.contract.AddressClaim;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.ServiceKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Something to be decided about one Service. */
public sealed interface AllocationCommand {
    ServiceKey key();

    /**
     * Addresses are wanted.
     *
     * @param claim a WANTED claim
     * @param status what octavia says of the Service; null when it has said nothing
     * @param known what is known of its floating IPs
     * @param gates what holds up every new grant
     */
    record Claim(
            ServiceKey key,
            AddressClaim claim,
            @Nullable LoadBalancerStatus status,
            Known known,
            Gates gates,
            Instant now)
            implements AllocationCommand {}

    /** Addresses are no longer wanted, but octavia has not yet said that the load balancer is gone. */
    record Withdraw(ServiceKey key) implements AllocationCommand {}

    /**
     * The load balancer is gone: everything held is to be given back.
     *
     * @param claim the claim that stands: WITHDRAWN, or WANTED by the next Service of that name
     * @param serviceUid uid of the Service that is gone
     * @param incarnation its incarnation
     */
    record Release(
            ServiceKey key,
            AddressClaim claim,
            String serviceUid,
            long incarnation,
            Known known,
            Gates gates,
            Instant now)
            implements AllocationCommand {}

    /** Claim and grant are both over. */
    record Forget(ServiceKey key) implements AllocationCommand {}
}
