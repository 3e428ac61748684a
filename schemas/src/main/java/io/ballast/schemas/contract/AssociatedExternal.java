package io.ballast.schemas.contract;

import org.jspecify.annotations.Nullable;

/**
 * One external address that leads to the load balancer now.
 *
 * @param address canonical address
 * @param floatingIpId Neutron floating IP id; null for a plain address
 * @param ours whether ipam granted it; false for one a user associated by hand
 */
public record AssociatedExternal(String address, @Nullable String floatingIpId, boolean ours) {}
