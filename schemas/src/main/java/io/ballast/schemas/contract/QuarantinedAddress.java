package io.ballast.schemas.contract;

import org.jspecify.annotations.Nullable;

/**
 * An external address that rests after release, or is kept for the Service that held it.
 *
 * @param address canonical address
 * @param lastHolder cluster/namespace/name of the Service that held it
 * @param untilEpochMillis when it may be granted again, milliseconds since 1970
 * @param kept whether it is kept for its last holder, who gets it back when it claims again
 * @param floatingIpId Neutron id of the floating IP that is kept; null for none
 * @param floatingNetworkId Neutron id of its external network; null for none
 */
public record QuarantinedAddress(
        String address,
        String lastHolder,
        long untilEpochMillis,
        boolean kept,
        @Nullable String floatingIpId,
        @Nullable String floatingNetworkId) {}
