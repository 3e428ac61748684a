package io.ballast.octavia.kafka;

import io.ballast.runtime.shell.Key;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Limits writes, and creates among them, over all partitions of the process. */
final class WriteSlots {
    private final int creates;
    private final int writes;
    private final Map<Key, Boolean> taken = new HashMap<>();
    private final Set<Key> waiting = new LinkedHashSet<>();

    WriteSlots(int creates, int writes) {
        this.creates = creates;
        this.writes = writes;
    }

    /** Whether there is room; when there is none, the key is remembered as waiting. */
    boolean hasRoom(Key key, boolean isCreate) {
        var full = taken.size() >= writes
                || (isCreate && taken.values().stream().filter(each -> each).count() >= creates);
        if (full) {
            waiting.add(key);
        }
        return !full;
    }

    /** Takes a slot; when there is none, the key is remembered as waiting. */
    boolean take(Key key, boolean isCreate) {
        if (!hasRoom(key, isCreate)) {
            return false;
        }
        taken.put(key, isCreate);
        return true;
    }

    /** A key that is looked at waits no longer, unless it asks again. */
    void stopWaiting(Key key) {
        waiting.remove(key);
    }

    /** Gives the slot back, and answers who waits: each of them tries again. */
    List<Key> release(Key key) {
        if (taken.remove(key) == null) {
            return List.of();
        }
        return waiting.stream().limit(creates).toList();
    }

    /** Who waits for a slot. */
    List<Key> waiting() {
        return List.copyOf(waiting);
    }

    int creates() {
        return (int) taken.values().stream().filter(each -> each).count();
    }

    int writes() {
        return taken.size();
    }

    void forget(int partition) {
        taken.keySet().removeIf(key -> key.partition() == partition);
        waiting.removeIf(key -> key.partition() == partition);
    }
}
