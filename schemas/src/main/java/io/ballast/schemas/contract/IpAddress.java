package io.ballast.schemas.contract;

import java.math.BigInteger;
import java.util.Optional;

/**
 * One IPv4 or IPv6 address, without zone. Its text is canonical: dotted decimal, or RFC 5952 in lower case. Ordered by
 * family, then as an unsigned number.
 *
 * @param family IPV4 or IPV6
 * @param high upper 64 bits; 0 for IPv4
 * @param low lower 64 bits; 32 of them for IPv4
 */
public record IpAddress(IpFamily family, long high, long low) implements Comparable<IpAddress> {
    private static final int TEXT_LENGTH_MAX = 64; // longer than any spelling that is read, so that messages stay short
    private static final long IPV4_MAX = 0xffff_ffffL;
    private static final long MAPPED_PREFIX = 0xffffL;

    public IpAddress {
        if (family == IpFamily.UNKNOWN) {
            throw new IllegalArgumentException("an address has family IPV4 or IPV6");
        }
        if (family == IpFamily.IPV4 && (high != 0 || (low & ~IPV4_MAX) != 0)) {
            throw new IllegalArgumentException("IPv4 address has more than 32 bits: %x %x".formatted(high, low));
        }
    }

    /**
     * Reads an address that a person or another system wrote, strictly: four decimal numbers without leading zeros, or
     * eight groups of one to four hexadecimal digits with at most one "::". No zones, prefixes, blanks, octal, embedded
     * or IPv4-mapped addresses. Empty when the text is anything else.
     */
    public static Optional<IpAddress> parse(String text) {
        if (text.length() > TEXT_LENGTH_MAX) {
            return Optional.empty();
        }
        return text.indexOf(':') < 0
                ? IpText.parse4(text, false)
                : IpText.parse6(text).filter(address -> !address.isMapped());
    }

    /** As {@link #parse}; throws {@link IllegalArgumentException} with the text when it is no address. */
    public static IpAddress of(String text) {
        return parse(text)
                .orElseThrow(() -> new IllegalArgumentException(
                        "'%s' is not an IPv4 or IPv6 address".formatted(IpText.shortened(text))));
    }

    /**
     * Reads an address that Kubernetes assigned. Older API servers took odd spellings and read them so: numbers of IPv4
     * are decimal even with leading zeros, and an IPv4-mapped IPv6 address is the IPv4 address. Empty when it is none.
     * Source: Kubernetes netutils.ParseIPSloppy, KEP-4858.
     */
    public static Optional<IpAddress> ofKubernetes(String text) {
        if (text.length() > TEXT_LENGTH_MAX) {
            return Optional.empty();
        }
        if (text.indexOf(':') < 0) {
            return IpText.parse4(text, true);
        }
        return IpText.parse6(text).map(address -> address.isMapped() ? ipv4(address.low & IPV4_MAX) : address);
    }

    static IpAddress ipv4(long bits) {
        return new IpAddress(IpFamily.IPV4, 0, bits);
    }

    static IpAddress ipv6(long high, long low) {
        return new IpAddress(IpFamily.IPV6, high, low);
    }

    /** Bits of an address of this family: 32 or 128. */
    public int bits() {
        return family == IpFamily.IPV4 ? 32 : 128;
    }

    /** The address as an unsigned number. */
    public BigInteger number() {
        return unsigned(high).shiftLeft(64).or(unsigned(low));
    }

    /** The address this many after it (before it when negative); empty beyond either end of the family. */
    public Optional<IpAddress> plus(BigInteger count) {
        var number = number().add(count);
        return number.signum() < 0 || number.bitLength() > bits()
                ? Optional.empty()
                : Optional.of(new IpAddress(family, number.shiftRight(64).longValue(), number.longValue()));
    }

    /** The address after it; empty after the last of the family. */
    public Optional<IpAddress> next() {
        long nextLow = low + 1;
        if (family == IpFamily.IPV4) {
            return low == IPV4_MAX ? Optional.empty() : Optional.of(ipv4(nextLow));
        }
        return nextLow == 0 && high == -1
                ? Optional.empty()
                : Optional.of(ipv6(nextLow == 0 ? high + 1 : high, nextLow));
    }

    /** The address before it; empty before the first of the family. */
    public Optional<IpAddress> previous() {
        if (isUnspecified()) {
            return Optional.empty();
        }
        return Optional.of(new IpAddress(family, low == 0 ? high - 1 : high, low - 1));
    }

    /** 127.0.0.0/8 or ::1. */
    public boolean isLoopback() {
        return family == IpFamily.IPV4 ? low >>> 24 == 127 : high == 0 && low == 1;
    }

    /** 169.254.0.0/16 or fe80::/10: also where clouds answer for instance metadata. */
    public boolean isLinkLocal() {
        return family == IpFamily.IPV4 ? low >>> 16 == 0xa9fe : high >>> 54 == 0x3fa;
    }

    /** 0.0.0.0 or ::. */
    public boolean isUnspecified() {
        return high == 0 && low == 0;
    }

    /** 224.0.0.0/4 or ff00::/8. */
    public boolean isMulticast() {
        return family == IpFamily.IPV4 ? low >>> 28 == 0xe : high >>> 56 == 0xff;
    }

    private boolean isMapped() {
        return family == IpFamily.IPV6 && high == 0 && low >>> 32 == MAPPED_PREFIX;
    }

    private static BigInteger unsigned(long bits) {
        var number = BigInteger.valueOf(bits & Long.MAX_VALUE);
        return bits < 0 ? number.setBit(63) : number;
    }

    @Override
    public int compareTo(IpAddress other) {
        int byFamily = family.compareTo(other.family);
        int byHigh = byFamily != 0 ? byFamily : Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    @Override
    public String toString() {
        return family == IpFamily.IPV4 ? IpText.format4(low) : IpText.format6(high, low);
    }
}
