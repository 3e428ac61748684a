package io.ballast.schemas.contract;

import org.jspecify.annotations.Nullable;

/**
 * What became of one external address asked for.
 *
 * @param family address family
 * @param method by pool or by user
 * @param state GRANTED with an address, or WAITING or REFUSED with reason and message; under lettingGo GRANTED, or RELEASED
 *     once the deletion of the floating IP was asked for: it is never granted again
 * @param address canonical address; null unless GRANTED or RELEASED
 * @param floatingIpId Neutron floating IP id; null unless GRANTED or RELEASED as a floating IP
 * @param floatingNetworkId Neutron id of its external network; null unless GRANTED or RELEASED
 * @param pool pool it comes from; empty for USER
 * @param ours whether ipam made the floating IP and deletes it at release
 * @param reason why not granted; null when GRANTED
 * @param message one sentence for the user; empty when GRANTED
 * @param keep whether the address is kept for the Service when it is released
 */
public record GrantedExternal(
        IpFamily family,
        ExternalMethod method,
        AllocationState state,
        @Nullable String address,
        @Nullable String floatingIpId,
        @Nullable String floatingNetworkId,
        String pool,
        boolean ours,
        @Nullable AllocationReason reason,
        String message,
        boolean keep) {
    /** Not kept. */
    public GrantedExternal(
            IpFamily family,
            ExternalMethod method,
            AllocationState state,
            @Nullable String address,
            @Nullable String floatingIpId,
            @Nullable String floatingNetworkId,
            String pool,
            boolean ours,
            @Nullable AllocationReason reason,
            String message) {
        this(family, method, state, address, floatingIpId, floatingNetworkId, pool, ours, reason, message, false);
    }

    /** The same, to be kept or not. */
    public GrantedExternal keeping(boolean kept) {
        return new GrantedExternal(
                family, method, state, address, floatingIpId, floatingNetworkId, pool, ours, reason, message, kept);
    }

    /** The same of another pool. */
    public GrantedExternal inPool(String other) {
        return new GrantedExternal(
                family, method, state, address, floatingIpId, floatingNetworkId, other, ours, reason, message, keep);
    }
}
