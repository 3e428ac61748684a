package io.ballast.ipam.allocation;

import io.ballast.schemas.contract.ServiceKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/** Those who wait for one thing that is scarce, the first who claimed first; how much each needs is known. */
final class WaitingLine {
    private record Place(long firstClaimedEpochMillis, ServiceKey key) {}

    private static final Comparator<Place> ORDER =
            Comparator.comparingLong(Place::firstClaimedEpochMillis).thenComparing(Place::key);

    private final TreeMap<Place, Integer> needs = new TreeMap<>(ORDER);
    private long total;

    void join(ServiceKey key, long firstClaimedEpochMillis, int need) {
        var before = needs.put(new Place(firstClaimedEpochMillis, key), need);
        total += need - (before == null ? 0 : before);
    }

    void leave(ServiceKey key, long firstClaimedEpochMillis) {
        var before = needs.remove(new Place(firstClaimedEpochMillis, key));
        total -= before == null ? 0 : before;
    }

    /** Whether there is enough for this one after everybody who came before it. */
    boolean reaches(ServiceKey key, long firstClaimedEpochMillis, int need, long room) {
        if (room < need) {
            return false;
        }
        if (total + need <= room) {
            return true;
        }
        long left = room - need;
        for (var before : needs.headMap(new Place(firstClaimedEpochMillis, key)).values()) {
            left -= before;
            if (left < 0) {
                return false;
            }
        }
        return true;
    }

    /** Those the room reaches, in order; at least the first, who may look again, and not more than {@code max}. */
    List<ServiceKey> served(long room, int max) {
        var served = new ArrayList<ServiceKey>();
        long left = room;
        for (var waiting : needs.entrySet()) {
            left -= waiting.getValue();
            if (served.size() >= max || (left < 0 && !served.isEmpty())) {
                break;
            }
            served.add(waiting.getKey().key());
        }
        return served;
    }

    long size() {
        return needs.size();
    }
}
