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

/** External addresses that rest after their release. What ends first is found without looking at the others. */
final class Quarantine {
    /** An address that rests. */
    record Rest(String pool, ServiceKey lastHolder, Instant until) {}

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
