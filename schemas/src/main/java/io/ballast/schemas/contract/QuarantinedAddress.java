package io.ballast.schemas.contract;

/**
 * An external address that rests after release.
 *
 * @param address canonical address
 * @param lastHolder cluster/namespace/name of the Service that held it
 * @param untilEpochMillis when it may be granted again, milliseconds since 1970
 */
public record QuarantinedAddress(String address, String lastHolder, long untilEpochMillis) {}
