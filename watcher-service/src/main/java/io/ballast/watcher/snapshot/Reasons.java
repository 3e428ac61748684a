package io.ballast.watcher.snapshot;

import io.ballast.schemas.contract.AllocationReason;
import io.ballast.schemas.contract.StatusReason;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** Every reason that the condition {@code ballast.io/Programmed} can have: a closed list. */
public final class Reasons {
    private Reasons() {}

    /** Reasons, and what a person can do about each; empty where waiting is all there is to do. */
    public static SortedMap<String, String> all() {
        var all = new TreeMap<String, String>();
        for (var reason : StatusReason.values()) {
            all.put(Programmed.camel(reason), Advice.on(reason));
        }
        for (var reason : AllocationReason.values()) {
            all.merge(Programmed.camel(reason), Advice.on(reason), Reasons::either);
        }
        all.put(Programmed.ACTIVE, "");
        all.put(Programmed.CREATING, "");
        all.put(Programmed.UPDATING, "");
        all.put(Programmed.WAITING, "");
        all.put(Programmed.DEGRADED, "");
        all.put(Programmed.DELETING, "");
        all.put(Programmed.PAUSED, "Remove the annotation ballast.io/paused.");
        return Collections.unmodifiableSortedMap(all);
    }

    /** A name that octavia and ipam share, with what either says. */
    private static String either(String one, String other) {
        return one.equals(other) || one.isEmpty() ? other : other.isEmpty() ? one : one + " " + other;
    }
}
