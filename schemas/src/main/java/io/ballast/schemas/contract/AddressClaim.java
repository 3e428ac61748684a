package io.ballast.schemas.contract;

import java.util.List;

/**
 * The addresses a Service needs. Topic address-claims, key cluster/namespace/name.
 *
 * @param state WANTED, or WITHDRAWN with empty lists
 * @param clusterUid UID of the cluster's kube-system namespace
 * @param serviceUid uid of the Service
 * @param incarnation incarnation of the load balancer this is for, from 1
 * @param generation +1 for each changed body of the claim
 * @param provider Octavia provider of the load balancer, amphora or ovn or another; "" for the cloud's default
 * @param vips VIPs, primary family first
 * @param memberSubnets subnets (id or name) on which the load balancer needs a port of its own (layer 2); sorted; empty in layer 3
 * @param externals external addresses, primary family first; empty when none is wanted
 */
public record AddressClaim(
        ClaimState state,
        String clusterUid,
        String serviceUid,
        long incarnation,
        long generation,
        String provider,
        List<VipClaim> vips,
        List<String> memberSubnets,
        List<ExternalClaim> externals) {
    public AddressClaim {
        vips = List.copyOf(vips);
        memberSubnets = List.copyOf(memberSubnets);
        externals = List.copyOf(externals);
    }
}
