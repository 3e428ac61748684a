package io.ballast.ipam.allocation;

import org.jspecify.annotations.Nullable;

/**
 * What is kept for a Service beside its address.
 *
 * @param floatingIpId Neutron id of the floating IP; null for an address of a plain range
 * @param floatingNetworkId Neutron id of its external network; null for an address of a plain range
 */
public record Kept(@Nullable String floatingIpId, @Nullable String floatingNetworkId) {}
