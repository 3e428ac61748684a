package io.ballast.translator.translation;

import org.jspecify.annotations.Nullable;

/**
 * Where and how load balancers are made, as the operator names it for users. What it leaves open, annotations and the
 * cluster's settings decide.
 *
 * @param provider Octavia provider; null to leave it open
 * @param flavor Octavia flavor, id or name; null to leave it open
 * @param availabilityZone Octavia availability zone; null to leave it open
 * @param vipSubnet subnet of VIPs that ipam chooses, as ipam's configuration names it; null for its first
 * @param memberSubnet subnet of members, id or name; null for the cluster's
 * @param pool pool of external addresses; null for the default
 * @param namespaces whose Services may be of the class
 */
public record LoadBalancerClass(
        @Nullable String provider,
        @Nullable String flavor,
        @Nullable String availabilityZone,
        @Nullable String vipSubnet,
        @Nullable String memberSubnet,
        @Nullable String pool,
        NamespaceSelector namespaces) {
    /** Says nothing. */
    public static final LoadBalancerClass NONE =
            new LoadBalancerClass(null, null, null, null, null, null, NamespaceSelector.ALL);
}
