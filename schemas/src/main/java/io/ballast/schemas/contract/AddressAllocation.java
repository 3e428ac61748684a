package io.ballast.schemas.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What ipam answered to a claim. Topic address-allocations, key cluster/namespace/name.
 *
 * @param state state of the VIPs as a whole; each external address has its own
 * @param clusterUid UID of the cluster's kube-system namespace
 * @param serviceUid uid of the Service, echoed from the claim
 * @param incarnation incarnation, echoed from the claim
 * @param claimGeneration generation of the claim this answers
 * @param provider Octavia provider, echoed from the claim
 * @param vips VIPs granted, in the order of the claim; empty unless GRANTED
 * @param vrrpPorts Neutron ports counted for the load balancer beside its VIP
 * @param externals one for each external address claimed, in order
 * @param lettingGo external addresses still held that the claim no longer wants, until octavia has let go of them
 * @param reason why WAITING or REFUSED; null otherwise
 * @param message one sentence for the user; empty when GRANTED or RELEASED
 * @param firstClaimedEpochMillis when the claim of this incarnation was first seen, milliseconds since 1970: the place in a queue; null when RELEASED
 */
public record AddressAllocation(
        AllocationState state,
        String clusterUid,
        String serviceUid,
        long incarnation,
        long claimGeneration,
        String provider,
        List<GrantedVip> vips,
        int vrrpPorts,
        List<GrantedExternal> externals,
        List<GrantedExternal> lettingGo,
        @Nullable AllocationReason reason,
        String message,
        @Nullable Long firstClaimedEpochMillis) {
    public AddressAllocation {
        vips = List.copyOf(vips);
        externals = List.copyOf(externals);
        lettingGo = List.copyOf(lettingGo);
    }
}
