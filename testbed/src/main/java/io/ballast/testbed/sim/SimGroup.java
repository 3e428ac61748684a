package io.ballast.testbed.sim;

import io.ballast.runtime.shell.Event;
import io.ballast.schemas.contract.InOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A consumer group used as a lock: shares the partitions of the lead topic out among the members that answer, asks for
 * one back before it gives it to another, and takes it from one that was silent for the session timeout.
 */
final class SimGroup<C, R> {
    private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(6);
    private static final Duration ROUND = Duration.ofMillis(500);

    private final int partitions;
    private final Schedule schedule;
    private final List<SimProcess<C, R>> members = new ArrayList<>();
    private final Map<SimProcess<C, R>, Instant> lastSeen = new HashMap<>();
    private final Map<Integer, SimProcess<C, R>> owners = new HashMap<>();
    private final Set<Integer> revoked = new HashSet<>();
    private final Map<SimProcess<C, R>, List<Integer>> lostWhileSilent = new HashMap<>();
    private boolean running = true;

    SimGroup(int partitions, Schedule schedule) {
        this.partitions = partitions;
        this.schedule = schedule;
        round();
    }

    void join(SimProcess<C, R> member) {
        members.add(member);
        lastSeen.put(member, schedule.now());
    }

    void stop() {
        running = false;
    }

    List<SimProcess<C, R>> members() {
        return List.copyOf(members);
    }

    private void round() {
        if (!running) {
            return;
        }
        for (var member : List.copyOf(members)) {
            if (member.isResponsive()) {
                lastSeen.put(member, schedule.now());
                var lost = lostWhileSilent.remove(member);
                if (lost != null) {
                    member.deliver(new Event.Lost<>(InOrder.copyOf(lost)));
                }
            } else if (isSilentTooLong(member)) {
                expel(member);
            }
        }
        var answering = members.stream().filter(SimProcess::isResponsive).toList();
        for (int partition = 0; partition < partitions; partition++) {
            if (!answering.isEmpty()) {
                move(partition, answering.get(partition % answering.size()));
            }
        }
        schedule.after(ROUND, this::round);
    }

    private boolean isSilentTooLong(SimProcess<C, R> member) {
        var seen = lastSeen.getOrDefault(member, Instant.EPOCH);
        return Duration.between(seen, schedule.now()).compareTo(SESSION_TIMEOUT) > 0;
    }

    private void expel(SimProcess<C, R> member) {
        var lost = new ArrayList<Integer>();
        owners.entrySet().removeIf(entry -> {
            boolean theirs = entry.getValue() == member;
            if (theirs) {
                lost.add(entry.getKey());
            }
            return theirs;
        });
        if (!member.isAlive()) {
            members.remove(member);
        } else if (!lost.isEmpty()) {
            lostWhileSilent
                    .computeIfAbsent(member, ignored -> new ArrayList<>())
                    .addAll(lost);
        }
    }

    private void move(int partition, SimProcess<C, R> to) {
        var from = owners.get(partition);
        if (from == to && !revoked.contains(partition)) {
            return;
        }
        if (from == null) {
            revoked.remove(partition);
            owners.put(partition, to);
            to.deliver(new Event.Assigned<>(Set.of(partition)));
        } else if (from.isResponsive()) {
            revoked.add(partition); // for good: its owner lets go, even when it is to have it again
            from.deliver(new Event.Revoked<>(Set.of(partition)));
            if (!from.held().contains(partition)) {
                owners.remove(partition);
            }
        }
    }
}
