package io.ballast.watcher.snapshot;

import io.ballast.schemas.contract.GoneReason;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Proofs that objects are gone, by uid; the newest of them, so that memory has a bound. */
public final class Departures {
    private static final int KEPT_MAX = 20_000;

    private final Map<String, GoneReason> reasons = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, GoneReason> eldest) {
            return size() > KEPT_MAX;
        }
    };

    /** What proves that a uid is gone; null when nothing does. */
    public @Nullable GoneReason of(String uid) {
        return reasons.get(uid);
    }

    /** Takes a proof in. What the API server told outweighs what was concluded. */
    public void add(String uid, GoneReason reason) {
        if (View.isInferred(reason)) {
            reasons.putIfAbsent(uid, reason);
        } else {
            reasons.put(uid, reason);
        }
    }

    /** What the API server told of a uid counts no more than a conclusion: it also showed it alive. */
    public void question(String uid) {
        reasons.replace(uid, GoneReason.CONFIRMED_ABSENT);
    }

    /** Takes back what was concluded of a uid that was seen alive after all. */
    public void revoke(String uid) {
        var reason = reasons.get(uid);
        if (reason != null && View.isInferred(reason)) {
            reasons.remove(uid);
        }
    }
}
