package io.ballast.ipam.allocation.layout;

import io.ballast.ipam.allocation.AddressRange;
import io.ballast.schemas.contract.CidrRange;
import io.ballast.schemas.contract.IpAddress;
import io.ballast.schemas.contract.IpFamily;
import java.math.BigInteger;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who gets which addresses of one subnet. VIPs come from its front, outside the allocation pool, so that Neutron never
 * gives one of them to a port by itself. Source: kuryr's layouts (its documentation of services networking and IPv6).
 *
 * @param cidr the whole subnet
 * @param vips addresses of VIPs, what Kubernetes gets as its service range; null for a subnet of pods
 * @param pool Neutron's allocation pool
 * @param gateway the router's address, in neither of them
 */
public record SubnetLayout(CidrRange cidr, @Nullable CidrRange vips, AddressRange pool, IpAddress gateway) {
    /** Bits of an address that its owner may choose: Kubernetes refuses a service range of fewer than 8 addresses. */
    private static final int HOST_BITS_MIN = 3;

    /** VIPs in the lower half, ports of amphorae in the upper. */
    static SubnetLayout services(CidrRange cidr) {
        return withVips("subnet of services", cidr, 1);
    }

    /** VIPs in the first quarter, pods and ports of amphorae in the rest. */
    static SubnetLayout shared(CidrRange cidr) {
        return withVips("shared subnet", cidr, 2);
    }

    /** Pods only. The gateway is the last host address of IPv4, the first of IPv6, as Neutron's own. */
    static SubnetLayout pods(CidrRange cidr) {
        checkSize("subnet of pods", cidr, HOST_BITS_MIN);
        return cidr.family() == IpFamily.IPV4
                ? new SubnetLayout(
                        cidr,
                        null,
                        new AddressRange(plus(cidr.network(), 1), plus(cidr.last(), -2)),
                        plus(cidr.last(), -1))
                : new SubnetLayout(
                        cidr, null, new AddressRange(plus(cidr.network(), 2), cidr.last()), plus(cidr.network(), 1));
    }

    private static SubnetLayout withVips(String what, CidrRange cidr, int share) {
        checkSize(what, cidr, HOST_BITS_MIN + share);
        var vips = new CidrRange(cidr.network(), cidr.prefix() + share);
        // an upper half of IPv4 looks like a network of its own: its first address is left out, as kuryr's layout has
        // it
        int skipped = share == 1 && cidr.family() == IpFamily.IPV4 ? 2 : 1;
        return new SubnetLayout(
                cidr, vips, new AddressRange(plus(vips.last(), skipped), plus(cidr.last(), -2)), plus(cidr.last(), -1));
    }

    public IpFamily family() {
        return cidr.family();
    }

    /** The range of the VIPs; empty for a subnet of pods. */
    public Optional<CidrRange> vipRange() {
        return Optional.ofNullable(vips);
    }

    /** What Kubernetes gives to Services: not the first address of the range, in IPv4 not the last. Source: its allocator. */
    public Optional<AddressRange> clusterIps() {
        return vipRange()
                .map(range -> new AddressRange(
                        plus(range.network(), 1),
                        range.family() == IpFamily.IPV4 ? plus(range.last(), -1) : range.last()));
    }

    private static void checkSize(String what, CidrRange cidr, int hostBits) {
        int prefixMax = cidr.network().bits() - hostBits;
        if (cidr.prefix() > prefixMax) {
            throw new IllegalArgumentException(
                    "%s %s is too small: its prefix length is at most %d".formatted(what, cidr, prefixMax));
        }
    }

    private static IpAddress plus(IpAddress address, long count) {
        return address.plus(BigInteger.valueOf(count)).orElseThrow();
    }
}
