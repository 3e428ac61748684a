package io.ballast.ipam.allocation;

import io.ballast.schemas.contract.IpAddress;
import io.ballast.schemas.contract.ServiceKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * External addresses that rest after their release, and those kept for the Service that held them. What ends first is found
 * without looking at the others.
 */
final class Quarantine {
    /** The end of what is kept until it is taken away by hand. */
    static final Instant NEVER = Instant.ofEpochMilli(Long.MAX_VALUE);

    /** An address that rests; kept for its last holder, or for nobody when that is null. */
    record Rest(
            String pool,
            ServiceKey lastHolder,
            Instant until,
            @Nullable Kept kept) {
        boolean isKeptFor(ServiceKey key, Instant now) {
            return kept != null && lastHolder.equals(key) && until.isAfter(now);
        }
    }

    private record Due(Instant until, IpAddress address) {
        static final Comparator<Due> ORDER = Comparator.comparing(Due::until).thenComparing(Due::address);
    }

    private static final class Pool {
        final TreeMap<IpAddress, Rest> rests = new TreeMap<>();
        final TreeSet<Due> dues = new TreeSet<>(Due.ORDER);
    }

    private final Map<IpAddress, String> poolOf = new HashMap<>();
    private final TreeMap<String, Pool> pools = new TreeMap<>();

    boolean holds(IpAddress address) {
        return poolOf.containsKey(address);
    }

    Optional<Rest> at(IpAddress address) {
        var pool = poolOf.get(address);
        return pool == null ? Optional.empty() : Optional.ofNullable(in(pool).get(address));
    }

    /** What is kept in a pool for a Service, sorted. */
    List<Map.Entry<IpAddress, Rest>> keptFor(ServiceKey key, String pool, Instant now) {
        return in(pool).entrySet().stream()
                .filter(each -> each.getValue().isKeptFor(key, now))
                .toList();
    }

    /** What ends when a floating IP that is kept is gone, by its Neutron id. */
    SortedMap<String, AllocationEvent.RestEnded> kept() {
        var kept = new TreeMap<String, AllocationEvent.RestEnded>();
        pools.forEach((name, pool) -> pool.rests.forEach((address, rest) -> {
            var what = rest.kept();
            var id = what == null ? null : what.floatingIpId();
            if (id != null) {
                kept.put(id, new AllocationEvent.RestEnded(name, address));
            }
        }));
        return kept;
    }

    /** Those of a pool, sorted; a view. */
    SortedMap<IpAddress, Rest> in(String pool) {
        var found = pools.get(pool);
        return found == null ? Collections.emptySortedMap() : Collections.unmodifiableSortedMap(found.rests);
    }

    /** When the first of a pool has rested; empty when none rests. */
    Optional<Instant> next(String pool) {
        var found = pools.get(pool);
        return found == null ? Optional.empty() : Optional.of(found.dues.first().until());
    }

    void put(IpAddress address, Rest rest) {
        remove(address);
        poolOf.put(address, rest.pool());
        var pool = pools.computeIfAbsent(rest.pool(), _ -> new Pool());
        pool.rests.put(address, rest);
        pool.dues.add(new Due(rest.until(), address));
    }

    @Nullable
    Rest remove(IpAddress address) {
        var name = poolOf.remove(address);
        var pool = name == null ? null : pools.get(name);
        var rest = pool == null ? null : pool.rests.remove(address);
        if (pool != null && rest != null) {
            pool.dues.remove(new Due(rest.until(), address));
            if (pool.rests.isEmpty()) {
                pools.remove(rest.pool());
            }
        }
        return rest;
    }

    /** Those whose time is over, by pool and then in the order in which it ended. */
    List<IpAddress> over(Instant now) {
        var over = new ArrayList<IpAddress>();
        for (var pool : pools.values()) {
            for (var due : pool.dues) {
                if (due.until().isAfter(now)) {
                    break;
                }
                over.add(due.address());
            }
        }
        return over;
    }

    /** Every address that rests. */
    Iterable<IpAddress> addresses() {
        return pools.values().stream()
                .flatMap(pool -> pool.rests.keySet().stream())
                .toList();
    }
}
