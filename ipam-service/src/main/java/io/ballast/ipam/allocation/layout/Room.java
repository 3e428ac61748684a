package io.ballast.ipam.allocation.layout;

import io.ballast.schemas.contract.IpFamily;
import java.math.BigInteger;

/**
 * How much fits into the subnet of VIPs of one family.
 *
 * @param clusterIps addresses that Kubernetes gives to Services
 * @param ports addresses of the allocation pool, for the ports of amphorae; of pods too where the subnet is shared
 * @param single load balancers of one amphora
 * @param activeStandby load balancers of two
 */
public record Room(
        IpFamily family, BigInteger clusterIps, BigInteger ports, BigInteger single, BigInteger activeStandby) {
    /** With ports kept for as many failovers of an amphora at a time. */
    public static Room of(NetworkLayout.Family family, int failovers) {
        var services = family.services();
        var clusterIps = services.clusterIps().orElseThrow();
        var vips =
                clusterIps.last().number().subtract(clusterIps.first().number()).add(BigInteger.ONE);
        var pool = services.pool();
        var ports = pool.last().number().subtract(pool.first().number()).add(BigInteger.ONE);
        var left = ports.subtract(BigInteger.valueOf(failovers)).max(BigInteger.ZERO);
        return new Room(family.family(), vips, ports, vips.min(left), vips.min(left.shiftRight(1)));
    }
}
