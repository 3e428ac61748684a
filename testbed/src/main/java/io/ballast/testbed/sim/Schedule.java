package io.ballast.testbed.sim;

import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;
import java.util.Random;

/** Virtual time: actions in the order of their time, and of their scheduling where times are equal. One seed decides all. */
public final class Schedule {
    private record Action(Instant at, long order, Runnable what) implements Comparable<Action> {
        @Override
        public int compareTo(Action other) {
            int byTime = at.compareTo(other.at);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final Random random;
    private final PriorityQueue<Action> queue = new PriorityQueue<>();
    private Instant now = START;
    private long orders;
    private long steps;

    public Schedule(long seed) {
        this.random = new Random(seed);
    }

    public Instant now() {
        return now;
    }

    public long steps() {
        return steps;
    }

    /** Does something after a delay. */
    public void after(Duration delay, Runnable what) {
        at(now.plus(delay), what);
    }

    /** Does something at a time, or next when the time is past. */
    public void at(Instant time, Runnable what) {
        queue.add(new Action(time.isBefore(now) ? now : time, orders++, what));
    }

    /** Runs everything that is due up to the time, and leaves the clock there. */
    public void runUntil(Instant time) {
        for (var next = queue.peek(); next != null && !next.at().isAfter(time); next = queue.peek()) {
            queue.remove();
            now = next.at();
            steps++;
            next.what().run();
        }
        now = time;
    }

    public void runFor(Duration duration) {
        runUntil(now.plus(duration));
    }

    /** A whole number in 0..bound-1. */
    public int pick(int bound) {
        return random.nextInt(bound);
    }

    /** True with the given probability. */
    public boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** A duration between the two, evenly spread. */
    public Duration between(Duration min, Duration max) {
        long span = max.toMillis() - min.toMillis();
        return min.plusMillis(span <= 0 ? 0 : random.nextLong(span + 1));
    }

    /** Milliseconds between the two, as a duration. */
    public Duration millis(int min, int max) {
        return between(Duration.ofMillis(min), Duration.ofMillis(max));
    }
}
