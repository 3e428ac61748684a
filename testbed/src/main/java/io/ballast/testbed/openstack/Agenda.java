package io.ballast.testbed.openstack;

import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/** What will happen by itself, in order of time; of two things at one instant, the one that was planned first. */
final class Agenda {
    private record Entry(Instant at, long order, Consumer<Instant> action) {}

    private final PriorityQueue<Entry> entries =
            new PriorityQueue<>(Comparator.comparing(Entry::at).thenComparing(Entry::order));
    private long planned;

    void plan(Instant at, Consumer<Instant> action) {
        entries.add(new Entry(at, planned++, action));
    }

    /** Does everything that is due, each thing at its own instant. */
    void advance(Instant now) {
        for (var next = entries.peek(); next != null && !next.at().isAfter(now); next = entries.peek()) {
            entries.remove();
            next.action().accept(next.at());
        }
    }

    Optional<Instant> next() {
        return Optional.ofNullable(entries.peek()).map(Entry::at);
    }
}
