package io.ballast.octavia.loadbalancer;

import io.ballast.octavia.loadbalancer.ObservedLoadBalancer.Listener;
import io.ballast.octavia.loadbalancer.ObservedLoadBalancer.Member;
import io.ballast.octavia.loadbalancer.ObservedLoadBalancer.Pool;
import io.ballast.schemas.contract.DesiredListener;
import io.ballast.schemas.contract.DesiredPool;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which observed pool is which desired one: by name and protocol, because Octavia lets no pool change its protocol; then by
 * protocol and shared members, so that a renumbered port keeps its pool and only its name changes; then by the listener that
 * leads to it and to no other, so that what somebody else made keeps its pools whatever their names and members are.
 */
final class PoolMatch {
    private final Map<String, Pool> byDesiredName = new HashMap<>();
    private final Set<String> matched = new TreeSet<>();
    private final Set<String> used;

    private PoolMatch(List<Listener> listeners) {
        used = listeners.stream()
                .map(Listener::defaultPoolId)
                .filter(Objects::nonNull)
                .map(String::valueOf)
                .collect(Collectors.toSet());
    }

    static PoolMatch of(List<DesiredListener> listeners, List<DesiredPool> desired, ObservedLoadBalancer observed) {
        var match = new PoolMatch(observed.listeners());
        for (var pool : desired) {
            match.take(
                    pool,
                    match.free(observed, pool)
                            .filter(each -> each.name().equals(pool.name()))
                            .min(Comparator.comparing((Pool each) -> !match.used.contains(each.id()))
                                    .thenComparing(Pool::id)));
        }
        var names = desired.stream().map(DesiredPool::name).collect(Collectors.toSet());
        for (var pool : desired) {
            if (match.of(pool.name()).isEmpty()) {
                match.take(
                        pool,
                        match.free(observed, pool)
                                .filter(each -> !names.contains(each.name()) && shared(pool, each) > 0)
                                .max(Comparator.comparingLong((Pool each) -> shared(pool, each))
                                        .thenComparing(Pool::id)));
            }
        }
        for (var pool : desired) {
            if (match.of(pool.name()).isEmpty()) {
                match.take(
                        pool,
                        match.free(observed, pool)
                                .filter(each -> !names.contains(each.name()))
                                .filter(each -> isReachedOnlyAs(pool, each, listeners, observed.listeners()))
                                .min(Comparator.comparing(Pool::id)));
            }
        }
        return match;
    }

    /** Whether listeners lead to the pool that is there, and all of them are to lead to the desired one. */
    private static boolean isReachedOnlyAs(
            DesiredPool desired, Pool observed, List<DesiredListener> listeners, List<Listener> there) {
        var leading = there.stream()
                .filter(each -> observed.id().equals(each.defaultPoolId()))
                .toList();
        return !leading.isEmpty()
                && leading.stream()
                        .allMatch(each -> listeners.stream()
                                .anyMatch(wanted -> wanted.pool().equals(desired.name())
                                        && wanted.port() == each.port()
                                        && wanted.protocol().name().equals(each.protocol())));
    }

    Optional<Pool> of(String desiredName) {
        return Optional.ofNullable(byDesiredName.get(desiredName));
    }

    boolean isMatched(Pool pool) {
        return matched.contains(pool.id());
    }

    boolean isUsed(Pool pool) {
        return used.contains(pool.id());
    }

    private Stream<Pool> free(ObservedLoadBalancer observed, DesiredPool desired) {
        return observed.pools().stream()
                .filter(pool -> !matched.contains(pool.id()))
                .filter(pool -> pool.protocol().equals(desired.protocol().name()));
    }

    private void take(DesiredPool desired, Optional<Pool> pool) {
        pool.ifPresent(found -> {
            byDesiredName.put(desired.name(), found);
            matched.add(found.id());
        });
    }

    private static long shared(DesiredPool desired, Pool observed) {
        var there = observed.members().stream().map(Member::place).collect(Collectors.toSet());
        return desired.members().stream()
                .filter(member -> there.contains(Words.place(member.address(), member.port())))
                .count();
    }
}
