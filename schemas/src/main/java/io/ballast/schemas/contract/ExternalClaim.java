package io.ballast.schemas.contract;

import org.jspecify.annotations.Nullable;

/**
 * One external address asked for.
 *
 * @param family address family
 * @param method by pool or by user
 * @param address canonical address for USER; null for POOL
 * @param pool name of the pool asked for; null for the default
 * @param keep whether the address is kept when the Service goes
 * @param network floating network of the pool, as the configuration of ipam names it; null for any
 * @param subnet subnet of the pool, as the configuration of ipam names it; null for any
 * @param project id of the OpenStack project that a floating IP is to belong to; null for that of ipam's credentials
 */
public record ExternalClaim(
        IpFamily family,
        ExternalMethod method,
        @Nullable String address,
        @Nullable String pool,
        boolean keep,
        @Nullable String network,
        @Nullable String subnet,
        @Nullable String project) {
    /** Of any network, in the project of the credentials. */
    public ExternalClaim(
            IpFamily family, ExternalMethod method, @Nullable String address, @Nullable String pool, boolean keep) {
        this(family, method, address, pool, keep, null, null, null);
    }
}
