package io.ballast.schemas.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a pool stands. Topic address-pools, key pool name.
 *
 * @param kind what it holds
 * @param cluster the cluster it serves; null for all
 * @param family address family
 * @param ranges ranges first-last, canonical, sorted
 * @param capacity number of addresses or ports it can give; -1 when more than 2^63-1 or unknown
 * @param used granted to Services
 * @param free still to be given; -1 when unknown
 * @param waiting claims that wait for it
 * @param quarantined addresses that rest, sorted by address
 * @param conflicting addresses found in use by others, sorted
 * @param findings what the pre-flight found, sorted by code
 */
public record AddressPoolStatus(
        PoolKind kind,
        @Nullable String cluster,
        IpFamily family,
        List<String> ranges,
        long capacity,
        long used,
        long free,
        long waiting,
        List<QuarantinedAddress> quarantined,
        List<String> conflicting,
        List<Finding> findings) {
    public AddressPoolStatus {
        ranges = List.copyOf(ranges);
        quarantined = List.copyOf(quarantined);
        conflicting = List.copyOf(conflicting);
        findings = List.copyOf(findings);
    }
}
