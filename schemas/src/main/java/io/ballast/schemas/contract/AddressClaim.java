package io.ballast.schemas.contract;

import java.util.List;
import java.util.Map;

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
 * @param namespaceLabels metadata.labels of the namespace, for the selectors of external pools; empty when no external address is
 *     wanted
 * @param serviceLabels metadata.labels of the Service, likewise
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
        List<ExternalClaim> externals,
        Map<String, String> namespaceLabels,
        Map<String, String> serviceLabels) {
    public AddressClaim {
        namespaceLabels = SortedEntries.copyOf(namespaceLabels);
        serviceLabels = SortedEntries.copyOf(serviceLabels);
        vips = List.copyOf(vips);
        memberSubnets = List.copyOf(memberSubnets);
        externals = List.copyOf(externals);
    }

    /** Without labels. */
    public AddressClaim(
            ClaimState state,
            String clusterUid,
            String serviceUid,
            long incarnation,
            long generation,
            String provider,
            List<VipClaim> vips,
            List<String> memberSubnets,
            List<ExternalClaim> externals) {
        this(
                state,
                clusterUid,
                serviceUid,
                incarnation,
                generation,
                provider,
                vips,
                memberSubnets,
                externals,
                Map.of(),
                Map.of());
    }
}
