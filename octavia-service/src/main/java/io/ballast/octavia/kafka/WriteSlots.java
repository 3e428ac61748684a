package io.ballast.octavia.kafka;

import io.ballast.octavia.loadbalancer.Failure;
import io.ballast.runtime.shell.Key;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Which calls about Services may begin, over all partitions of the process: few creates in a project, as many writes as
 * OpenStack takes, and as many reads again. What a person waits for goes first, and always finds a slot that resync leaves.
 */
final class WriteSlots {
    private final int creates;
    private final int most;
    private final Map<Key, Wish> taken = new HashMap<>();
    private final Map<Key, Wish> waiting = new LinkedHashMap<>();
    private Congestion congestion;
    private boolean isLeft;

    /** What a slot is for. */
    enum Use {
        /** The POST of a load balancer, and the look before it. */
        CREATE,
        WRITE,
        READ
    }

    /**
     * A slot that is asked for.
     *
     * @param project project of a create; empty for that of the credentials
     * @param isUrgent whether a person waits for it
     */
    record Wish(Use use, String project, boolean isUrgent) {
        boolean isWrite() {
            return use != Use.READ;
        }

        boolean isCreateIn(String other) {
            return use == Use.CREATE && project.equals(other);
        }
    }

    /**
     * @param creates creates at a time in each project
     * @param writes writes at a time at most, and reads
     */
    WriteSlots(int creates, int writes) {
        this.creates = creates;
        this.most = writes;
        this.congestion = Congestion.none(writes);
    }

    /** Takes a slot, or keeps the one it has; when there is none, the key waits, in the place it has among those who do. */
    boolean take(Key key, Wish wish, Instant now) {
        var before = taken.remove(key);
        if (before == null ? mayHave(wish, now) : isFree(wish, now)) {
            waiting.remove(key);
            taken.put(key, wish);
            return true;
        }
        waiting.put(key, wish);
        isLeft |= before != null;
        return false;
    }

    private boolean mayHave(Wish wish, Instant now) {
        return isFree(wish, now) && (wish.isUrgent() || !isWantedMore(wish, now));
    }

    private boolean isFree(Wish wish, Instant now) {
        if (congestion.isResting(now)) {
            return false;
        }
        int limit = wish.isWrite() ? congestion.writes() : most;
        return hasRoom(wish, each -> each.isWrite() == wish.isWrite(), limit)
                && (wish.use() != Use.CREATE || hasRoom(wish, each -> each.isCreateIn(wish.project()), creates));
    }

    /** Resync leaves a quarter to what people wait for. */
    private boolean hasRoom(Wish wish, Predicate<Wish> alike, int limit) {
        int kept = limit < 2 ? 0 : Math.max(1, limit / 4);
        return count(alike) < limit && (wish.isUrgent() || count(alike.and(each -> !each.isUrgent())) < limit - kept);
    }

    /** Whether a person waits for what resync would take. */
    private boolean isWantedMore(Wish wish, Instant now) {
        return waiting.values().stream()
                .anyMatch(other -> other.isUrgent() && other.isWrite() == wish.isWrite() && isFree(other, now));
    }

    /** A key that wants nothing gives back what it has. */
    void leave(Key key) {
        waiting.remove(key);
        isLeft |= taken.remove(key) != null;
    }

    /** The write of a key went well. */
    void relieved() {
        congestion = congestion.relieved();
    }

    /** A call failed, of whichever key: whether OpenStack is overloaded, it tells. */
    void failed(Failure failure, Instant now) {
        congestion = congestion.after(failure, now);
    }

    /** Until when nothing may begin at all; in the past while it may. */
    Instant restUntil() {
        return congestion.restUntil();
    }

    /** Who finds a slot since one was left, what people wait for first: each of them tries again. */
    List<Key> awoken(Instant now) {
        if (!isLeft) {
            return List.of();
        }
        isLeft = false;
        return Stream.of(true, false)
                .flatMap(urgent -> waiting.entrySet().stream()
                        .filter(each -> each.getValue().isUrgent() == urgent))
                .filter(each -> mayHave(each.getValue(), now))
                .limit(most)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Who waits for a slot. */
    List<Key> waiting() {
        return List.copyOf(waiting.keySet());
    }

    int creates() {
        return count(wish -> wish.use() == Use.CREATE);
    }

    int writes() {
        return count(Wish::isWrite);
    }

    /** Writes at a time, as OpenStack takes them now. */
    int limit() {
        return congestion.writes();
    }

    void forget(int partition) {
        taken.keySet().removeIf(key -> key.partition() == partition);
        waiting.keySet().removeIf(key -> key.partition() == partition);
        isLeft = true;
    }

    private int count(Predicate<Wish> which) {
        return (int) taken.values().stream().filter(which).count();
    }
}
