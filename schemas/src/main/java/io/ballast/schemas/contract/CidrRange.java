package io.ballast.schemas.contract;

import java.math.BigInteger;
import java.util.Optional;

/**
 * A range of addresses as network and prefix length. Its text is canonical: {@code 10.0.0.0/8}, {@code fd10::/64}.
 *
 * @param network first address; every bit after the prefix is 0
 * @param prefix 0..32 for IPv4, 0..128 for IPv6
 */
public record CidrRange(IpAddress network, int prefix) implements Comparable<CidrRange> {
    public CidrRange {
        if (prefix < 0 || prefix > network.bits()) {
            throw new IllegalArgumentException(
                    "prefix length %d of %s is not in 0..%d".formatted(prefix, network, network.bits()));
        }
        if (!masked(network, prefix).equals(network)) {
            throw new IllegalArgumentException("%s/%d is not a network: its first address is %s"
                    .formatted(network, prefix, masked(network, prefix)));
        }
    }

    /** The range of this length that an address lies in. */
    public static CidrRange around(IpAddress address, int prefix) {
        return new CidrRange(masked(address, prefix), prefix);
    }

    /** Reads a range strictly: a strict address, "/", a length without leading zeros, no bit set after the prefix. */
    public static Optional<CidrRange> parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return Optional.empty();
        }
        return IpAddress.parse(text.substring(0, slash))
                .flatMap(address -> length(text.substring(slash + 1), address)
                        .filter(prefix -> masked(address, prefix).equals(address))
                        .map(prefix -> new CidrRange(address, prefix)));
    }

    /** As {@link #parse}; throws {@link IllegalArgumentException} with the text and what is wrong with it. */
    public static CidrRange of(String text) {
        return parse(text)
                .orElseThrow(() -> new IllegalArgumentException(
                        "'%s' is not a range such as 10.0.0.0/8 or fd10::/64 whose bits after the prefix are 0"
                                .formatted(IpText.shortened(text))));
    }

    /**
     * Reads a range that Kubernetes accepted in a Service: blanks around it and bits after the prefix are ignored, as
     * kube-proxy does; the address itself is read strictly. Source: Kubernetes, loadBalancerSourceRanges.
     */
    public static Optional<CidrRange> ofKubernetes(String text) {
        var trimmed = text.strip();
        int slash = trimmed.indexOf('/');
        if (slash < 0) {
            return Optional.empty();
        }
        return IpAddress.parse(trimmed.substring(0, slash))
                .flatMap(address ->
                        length(trimmed.substring(slash + 1), address).map(prefix -> around(address, prefix)));
    }

    public IpFamily family() {
        return network.family();
    }

    /** The last address. */
    public IpAddress last() {
        var count = BigInteger.ONE.shiftLeft(network.bits() - prefix).subtract(BigInteger.ONE);
        return network.plus(count).orElseThrow();
    }

    public boolean contains(IpAddress address) {
        return address.family() == family() && masked(address, prefix).equals(network);
    }

    public boolean overlaps(CidrRange other) {
        return contains(other.network) || other.contains(network);
    }

    private static Optional<Integer> length(String text, IpAddress address) {
        boolean plain = !text.isEmpty() && text.length() <= 3 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!plain || (text.length() > 1 && text.charAt(0) == '0')) {
            return Optional.empty();
        }
        return Optional.of(Integer.valueOf(text)).filter(length -> length <= address.bits());
    }

    private static IpAddress masked(IpAddress address, int prefix) {
        return address.family() == IpFamily.IPV4
                ? IpAddress.ipv4(address.low() & mask(prefix + 32))
                : IpAddress.ipv6(address.high() & mask(prefix), address.low() & mask(prefix - 64));
    }

    /** A word whose first bits are 1: none for 0 and less, all for 64 and more. */
    private static long mask(int ones) {
        if (ones <= 0) {
            return 0;
        }
        return ones >= 64 ? -1L : -1L << (64 - ones);
    }

    @Override
    public int compareTo(CidrRange other) {
        int byNetwork = network.compareTo(other.network);
        return byNetwork != 0 ? byNetwork : Integer.compare(prefix, other.prefix);
    }

    @Override
    public String toString() {
        return network + "/" + prefix;
    }
}
