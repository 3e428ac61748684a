package io.ballast.ipam.allocation;

import io.ballast.schemas.contract.CidrRange;
import io.ballast.schemas.contract.IpAddress;
import io.ballast.schemas.contract.IpFamily;
import java.math.BigInteger;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Addresses from first to last, both included. Its text is {@code first-last}.
 *
 * @param first first address
 * @param last last address, of the same family and not before the first
 */
public record AddressRange(IpAddress first, IpAddress last) implements Comparable<AddressRange> {
    public AddressRange {
        if (first.family() != last.family() || first.compareTo(last) > 0) {
            throw new IllegalArgumentException("range %s-%s does not go upwards in one family".formatted(first, last));
        }
    }

    /** Every address of a network. */
    public static AddressRange of(CidrRange cidr) {
        return new AddressRange(cidr.network(), cidr.last());
    }

    /** Reads {@code first-last}, a network such as {@code 10.2.0.0/17}, or one address. Throws naming the text. */
    public static AddressRange parse(String text) {
        int dash = text.indexOf('-');
        if (dash >= 0) {
            return new AddressRange(
                    IpAddress.of(text.substring(0, dash).strip()),
                    IpAddress.of(text.substring(dash + 1).strip()));
        }
        if (text.indexOf('/') >= 0) {
            return of(CidrRange.of(text.strip()));
        }
        var address = IpAddress.of(text.strip());
        return new AddressRange(address, address);
    }

    /** What is left of this range without others, in order; empty when nothing is. */
    public List<AddressRange> without(Collection<AddressRange> excluded) {
        var left = AddressSet.of(List.of(this));
        excluded.stream().filter(this::overlaps).forEach(left::remove);
        return left.ranges();
    }

    /** Whether one of the ranges contains the address. */
    static boolean any(Collection<AddressRange> ranges, IpAddress address) {
        for (var range : ranges) {
            if (range.contains(address)) {
                return true;
            }
        }
        return false;
    }

    public IpFamily family() {
        return first.family();
    }

    public boolean contains(IpAddress address) {
        return address.family() == family() && first.compareTo(address) <= 0 && address.compareTo(last) <= 0;
    }

    public boolean contains(AddressRange other) {
        return contains(other.first) && contains(other.last);
    }

    public boolean overlaps(AddressRange other) {
        return contains(other.first) || other.contains(first);
    }

    /** How many addresses it holds; {@link Long#MAX_VALUE} when there are more. */
    public long size() {
        var size = last.number().subtract(first.number()).add(BigInteger.ONE);
        return size.bitLength() < Long.SIZE ? size.longValue() : Long.MAX_VALUE;
    }

    /** The part before an address inside it; empty when there is none. */
    Optional<AddressRange> before(IpAddress address) {
        return first.equals(address) ? Optional.empty() : address.previous().map(end -> new AddressRange(first, end));
    }

    /** The part after an address inside it; empty when there is none. */
    Optional<AddressRange> after(IpAddress address) {
        return last.equals(address) ? Optional.empty() : address.next().map(start -> new AddressRange(start, last));
    }

    @Override
    public int compareTo(AddressRange other) {
        int byFirst = first.compareTo(other.first);
        return byFirst != 0 ? byFirst : last.compareTo(other.last);
    }

    @Override
    public String toString() {
        return first + "-" + last;
    }
}
