package io.ballast.ipam.allocation;

import io.ballast.schemas.contract.IpAddress;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Addresses as ranges with gaps: the free list of a pool. Taking out, putting back and finding the lowest cost the
 * logarithm of the number of gaps, whether a pool is a full /16 or a sparse /64.
 */
final class AddressSet {
    private final TreeMap<IpAddress, IpAddress> lastByFirst = new TreeMap<>();
    private BigInteger size = BigInteger.ZERO;

    static AddressSet of(Collection<AddressRange> ranges) {
        var set = new AddressSet();
        ranges.forEach(set::add);
        return set;
    }

    boolean contains(IpAddress address) {
        return around(address) != null;
    }

    /** Puts an address back; nothing happens when it is there. */
    void add(IpAddress address) {
        if (!contains(address)) {
            insert(new AddressRange(address, address));
        }
    }

    /** Adds a range; what is there already stays. */
    void add(AddressRange range) {
        remove(range);
        insert(range);
    }

    /** Takes an address out; nothing happens when it is not there. */
    void remove(IpAddress address) {
        var found = around(address);
        if (found != null) {
            lastByFirst.remove(found.first());
            size = size.subtract(BigInteger.ONE);
            found.before(address).ifPresent(this::put);
            found.after(address).ifPresent(this::put);
        }
    }

    /** Takes a range out. */
    void remove(AddressRange range) {
        remove(range.first()); // splits, so that no piece reaches over either end
        remove(range.last());
        var inside = lastByFirst.subMap(range.first(), true, range.last(), true);
        inside.forEach((first, last) -> size = size.subtract(count(first, last)));
        inside.clear();
    }

    /** The lowest address that is not to be skipped. */
    Optional<IpAddress> first(Predicate<IpAddress> skip) {
        for (var range : lastByFirst.entrySet()) {
            Optional<IpAddress> next = Optional.of(range.getKey());
            while (next.isPresent() && next.get().compareTo(range.getValue()) <= 0) {
                if (!skip.test(next.get())) {
                    return next;
                }
                next = next.get().next();
            }
        }
        return Optional.empty();
    }

    /** How many there are; {@link Long#MAX_VALUE} when there are more. */
    long size() {
        return size.bitLength() < Long.SIZE ? size.longValue() : Long.MAX_VALUE;
    }

    /** What there is, as ranges in order. */
    List<AddressRange> ranges() {
        var ranges = new ArrayList<AddressRange>();
        lastByFirst.forEach((first, last) -> ranges.add(new AddressRange(first, last)));
        return ranges;
    }

    private static BigInteger count(IpAddress first, IpAddress last) {
        return last.number().subtract(first.number()).add(BigInteger.ONE);
    }

    private void insert(AddressRange range) {
        var first = range.first();
        var last = range.last();
        size = size.add(count(first, last));
        var below = lastByFirst.lowerEntry(first);
        if (below != null && below.getValue().next().filter(first::equals).isPresent()) {
            first = below.getKey();
        }
        var above = last.next().map(lastByFirst::get);
        if (above.isPresent()) {
            lastByFirst.remove(last.next().orElseThrow());
            last = above.get();
        }
        lastByFirst.put(first, last);
    }

    private void put(AddressRange range) {
        lastByFirst.put(range.first(), range.last());
    }

    private @Nullable AddressRange around(IpAddress address) {
        Map.@Nullable Entry<IpAddress, IpAddress> floor = lastByFirst.floorEntry(address);
        if (floor == null
                || floor.getKey().family() != address.family()
                || floor.getValue().compareTo(address) < 0) {
            return null;
        }
        return new AddressRange(floor.getKey(), floor.getValue());
    }
}
