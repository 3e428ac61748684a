package io.ballast.schemas.contract;

import org.jspecify.annotations.Nullable;

/**
 * One VIP asked for.
 *
 * @param family address family
 * @param address canonical address that Kubernetes or the user chose; null when ipam is to choose from its own range
 */
public record VipClaim(IpFamily family, @Nullable String address) {}
