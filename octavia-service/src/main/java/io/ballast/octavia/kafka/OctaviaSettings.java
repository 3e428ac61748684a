package io.ballast.octavia.kafka;

import io.ballast.octavia.loadbalancer.Policy;
import io.ballast.schemas.Partitions;
import java.time.Duration;

/**
 * How the reconciler works.
 *
 * @param policy what decisions rest on
 * @param keyedPartitions partitions of each keyed topic
 * @param createsInFlight creates at a time: more only lengthen each other, because they queue on the project's quota
 * @param writesInFlight writes at a time
 * @param resync time between two lists of everything
 * @param longestCall the longest that a call of an earlier owner may still take effect
 * @param floatingIpInterval time between two lists of floating IPs alone
 * @param fullRead time in which each load balancer is read with all its children once, whether or not a list shows a change
 */
public record OctaviaSettings(
        Policy policy,
        int keyedPartitions,
        int createsInFlight,
        int writesInFlight,
        Duration resync,
        Duration longestCall,
        Duration floatingIpInterval,
        Duration fullRead) {
    public static final Duration DEFAULT_FULL_READ = Duration.ofHours(6);

    public static final OctaviaSettings DEFAULT = new OctaviaSettings(
            Policy.DEFAULT,
            Partitions.DEFAULT_COUNT,
            4,
            16,
            Duration.ofMinutes(10),
            Duration.ofMinutes(8),
            Duration.ofMinutes(1),
            DEFAULT_FULL_READ);

    public OctaviaSettings {
        if (createsInFlight < 1 || writesInFlight < createsInFlight) {
            throw new IllegalArgumentException("creates in flight %d must be at least 1 and at most writes in flight %d"
                    .formatted(createsInFlight, writesInFlight));
        }
    }

    /** Floating IPs are listed with everything only; the usual time for full reads. */
    public OctaviaSettings(
            Policy policy,
            int keyedPartitions,
            int createsInFlight,
            int writesInFlight,
            Duration resync,
            Duration longestCall) {
        this(policy, keyedPartitions, createsInFlight, writesInFlight, resync, longestCall, resync, DEFAULT_FULL_READ);
    }

    public OctaviaSettings withPolicy(Policy next) {
        return new OctaviaSettings(
                next,
                keyedPartitions,
                createsInFlight,
                writesInFlight,
                resync,
                longestCall,
                floatingIpInterval,
                fullRead);
    }

    public OctaviaSettings withFullRead(Duration next) {
        return new OctaviaSettings(
                policy,
                keyedPartitions,
                createsInFlight,
                writesInFlight,
                resync,
                longestCall,
                floatingIpInterval,
                next);
    }

    public OctaviaSettings withFloatingIpInterval(Duration next) {
        return new OctaviaSettings(
                policy, keyedPartitions, createsInFlight, writesInFlight, resync, longestCall, next, fullRead);
    }
}
