package io.ballast.watcher.snapshot;

import io.ballast.schemas.contract.GoneReason;
import io.ballast.schemas.contract.HeldDeletion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The deletions of one cluster that are concluded from absence: suspected, held or published lately. A cache: the next
 * list brings it again. Used by one thread.
 */
public final class Inferences {
    private static final Duration LATELY = Duration.ofMinutes(10);

    private final Map<String, String> suspects = new TreeMap<>();
    private final Map<String, Instant> released = new TreeMap<>();
    private final Set<String> confirmed = new TreeSet<>();
    private int present;

    /** How many Services are published as PRESENT. */
    public void count(int services) {
        present = services;
    }

    /** What people confirmed, all of it. */
    public void confirm(Collection<String> uids) {
        confirmed.clear();
        confirmed.addAll(uids);
    }

    /** A uid is published or left in OpenStack, and was not seen. */
    public void suspect(String uid, String key) {
        suspects.put(uid, key);
    }

    /** A uid is there, or was told to be gone. */
    public void clear(String uid) {
        suspects.remove(uid);
    }

    /** Keys of the Services that are suspected. */
    public List<String> suspects() {
        return List.copyOf(suspects.values());
    }

    /** The end of a uid was published. */
    public void release(String uid, Instant now) {
        if (suspects.remove(uid) != null) {
            released.put(uid, now);
        }
    }

    /** The brake as it stands. */
    public Brake brake(Instant now) {
        released.values().removeIf(at -> at.isBefore(now.minus(LATELY)));
        return new Brake(present, suspects.keySet(), released.keySet(), confirmed);
    }

    /**
     * What the brake holds, sorted by key.
     *
     * @param departed what was concluded of a uid; null while it is only suspected
     */
    public List<HeldDeletion> held(Function<String, @Nullable GoneReason> departed, Instant now) {
        var brake = brake(now);
        var held = new ArrayList<HeldDeletion>();
        suspects.forEach((uid, key) -> {
            var reason = departed.apply(uid);
            if (reason != null && View.isInferred(reason) && !brake.admits(uid)) {
                held.add(new HeldDeletion(key, uid, words(reason)));
            }
        });
        held.sort(Comparator.comparing(HeldDeletion::key).thenComparing(HeldDeletion::uid));
        return held;
    }

    private static String words(GoneReason reason) {
        return reason == GoneReason.REPLACED
                ? "another Service of this name was found instead"
                : "the Service was not found";
    }
}
