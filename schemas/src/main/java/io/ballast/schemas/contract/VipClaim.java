package io.ballast.schemas.contract;

import org.jspecify.annotations.Nullable;

/**
 * One VIP asked for.
 *
 * @param family address family
 * @param address canonical address that Kubernetes or the user chose; null when ipam is to choose from its own range
 * @param subnet subnet the VIP is to lie in, as the configuration of ipam names it; null for the first of the family
 */
public record VipClaim(
        IpFamily family, @Nullable String address, @Nullable String subnet) {
    /** In whatever subnet is the first of the family. */
    public VipClaim(IpFamily family, @Nullable String address) {
        this(family, address, null);
    }
}
