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
 */
public record ExternalClaim(
        IpFamily family,
        ExternalMethod method,
        @Nullable String address,
        @Nullable String pool,
        boolean keep) {}
