package io.ballast.schemas.contract;

import org.jspecify.annotations.Nullable;

/**
 * What became of one external address asked for.
 *
 * @param family address family
 * @param method by pool or by user
 * @param state GRANTED with an address, or WAITING or REFUSED with reason and message
 * @param address canonical address; null unless GRANTED
 * @param floatingIpId Neutron floating IP id; null unless GRANTED as a floating IP
 * @param floatingNetworkId Neutron id of its external network; null unless GRANTED
 * @param pool pool it comes from; empty for USER
 * @param ours whether ipam made the floating IP and deletes it at release
 * @param reason why not granted; null when GRANTED
 * @param message one sentence for the user; empty when GRANTED
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
        String message) {}
