package io.ballast.octavia.kafka;

import io.ballast.runtime.shell.Key;
import io.ballast.schemas.contract.InOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Which load balancers are PENDING, and when to look at them again: all of them in one request. */
final class Poller {
    private final Map<String, Entry> entries = new HashMap<>();

    private record Entry(Key key, Instant since, Instant next) {}

    /** Begins to look at one that is PENDING; goes on when it is looked at already. */
    void add(String loadBalancerId, Key key, Instant now) {
        entries.putIfAbsent(loadBalancerId, new Entry(key, now, now.plus(Pauses.look(Duration.ZERO))));
    }

    void remove(String loadBalancerId) {
        entries.remove(loadBalancerId);
    }

    void forget(int partition) {
        entries.values().removeIf(entry -> entry.key().partition() == partition);
    }

    /** The key whose load balancer it is; empty when it is not looked at. */
    Optional<Key> keyOf(String loadBalancerId) {
        return Optional.ofNullable(entries.get(loadBalancerId)).map(Entry::key);
    }

    /** Looked at, and still PENDING. */
    void seen(String loadBalancerId, Instant now) {
        entries.computeIfPresent(
                loadBalancerId,
                (_, entry) -> new Entry(
                        entry.key(), entry.since(), now.plus(Pauses.look(Duration.between(entry.since(), now)))));
    }

    /** The keys whose load balancers are looked at. */
    Set<Key> keys() {
        return entries.values().stream().map(Entry::key).collect(Collectors.toSet());
    }

    Set<String> ids() {
        return InOrder.copyOf(entries.keySet());
    }

    /** When to look next; empty when nothing is PENDING. */
    Optional<Instant> next() {
        return entries.values().stream().map(Entry::next).min(Instant::compareTo);
    }
}
