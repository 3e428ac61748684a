package io.ballast.octavia.kafka;

import io.ballast.runtime.shell.Key;
import io.ballast.runtime.shell.Marks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rolling full read: each load balancer is read with all its children once in a while, behind people's changes. So a foreign
 * edit is found that no list shows. Its id says when its turn is within the interval, so that turns are spread evenly whoever
 * owns its partition and however often the owner starts.
 */
final class FullReads {
    private final Duration interval;
    private final Map<Integer, OctaviaPartition> partitions;
    private @Nullable Instant done;

    FullReads(Duration interval, Map<Integer, OctaviaPartition> partitions) {
        this.interval = interval;
        this.partitions = partitions;
    }

    /**
     * A list was answered. Those whose turn came since the one before are suspected, and looked at one after the other until
     * the next.
     */
    void listed(Duration untilNext, Marks marks, Instant now) {
        var since = done;
        done = now;
        if (since == null || now.isBefore(since)) {
            return; // whoever owned them before had its turn, and whoever is new has been made or read just now
        }
        var due = new ArrayList<Key>();
        partitions
                .values()
                .forEach(partition -> partition.memories.forEach((key, memory) -> {
                    if (memory.suspect(id -> isDue(id, interval, since, now))) {
                        due.add(partition.key(key));
                    }
                }));
        for (int i = 0; i < due.size(); i++) {
            marks.markAt(due.get(i), now.plus(untilNext.multipliedBy(i).dividedBy(due.size())));
        }
    }

    /** Whether the turn of a load balancer lies after {@code since} and not after {@code now}. */
    static boolean isDue(String id, Duration interval, Instant since, Instant now) {
        long length = interval.toMillis();
        long turn = Math.floorMod(spread(id), length);
        long before = Math.floorDiv(since.toEpochMilli() - turn, length);
        long after = Math.floorDiv(now.toEpochMilli() - turn, length);
        return after > before;
    }

    /** Source: the finalizer of 64-bit MurmurHash3, over the text's own hash. */
    private static long spread(String id) {
        long hash = 0;
        for (int i = 0; i < id.length(); i++) {
            hash = hash * 1_000_003 + id.charAt(i);
        }
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return hash ^ (hash >>> 33);
    }
}
