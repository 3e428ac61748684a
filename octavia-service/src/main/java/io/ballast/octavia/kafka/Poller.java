package io.ballast.octavia.kafka;

import io.ballast.runtime.shell.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which load balancers are PENDING, and when to look at them again. A look takes along whatever would be due soon, so that
 * many of different ages share one; but it looks at an old one no earlier than it has to, and never so often that looks
 * follow each other without a pause.
 */
final class Poller {
    private final Map<String, Entry> entries = new HashMap<>();
    private Instant notBefore = Instant.MIN;

    private record Entry(Key key, Instant since, Duration pause, Instant next) {
        static Entry of(Key key, Instant since, Instant now) {
            var pause = Pauses.look(Duration.between(since, now));
            return new Entry(key, since, pause, now.plus(pause));
        }

        /** When it may be taken along: after half its pause, or all of it once it is old. */
        boolean isRipe(Instant now) {
            return !now.isBefore(Pauses.isOld(Duration.between(since, now)) ? next : next.minus(pause.dividedBy(2)));
        }
    }

    /** Begins to look at one that is PENDING; goes on when it is looked at already. */
    void add(String loadBalancerId, Key key, Instant now) {
        entries.putIfAbsent(loadBalancerId, Entry.of(key, now, now));
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

    /** Looked at, and still PENDING; or it could not be looked at. */
    void seen(String loadBalancerId, Instant now) {
        entries.computeIfPresent(loadBalancerId, (_, entry) -> Entry.of(entry.key(), entry.since(), now));
    }

    /** The keys whose load balancers are looked at. */
    Set<Key> keys() {
        return entries.values().stream().map(Entry::key).collect(Collectors.toSet());
    }

    /** What to look at now, sorted; the next look comes no sooner than a pause later. */
    SortedSet<String> take(Instant now) {
        notBefore = now.plus(Pauses.look(Duration.ZERO));
        return entries.entrySet().stream()
                .filter(each -> each.getValue().isRipe(now))
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** When to look next; empty when nothing is PENDING. */
    Optional<Instant> next() {
        return entries.values().stream()
                .map(Entry::next)
                .min(Instant::compareTo)
                .flatMap(next -> Stream.of(next, notBefore).max(Instant::compareTo));
    }
}
