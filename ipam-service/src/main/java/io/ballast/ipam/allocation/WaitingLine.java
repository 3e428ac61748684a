package io.ballast.ipam.allocation;

import io.ballast.schemas.contract.ServiceKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Those who wait for one thing that is scarce, the first who claimed first; how much each needs is known. */
final class WaitingLine {
    private record Place(long firstClaimedEpochMillis, ServiceKey key) {}

    private static final Comparator<Place> ORDER =
            Comparator.comparingLong(Place::firstClaimedEpochMillis).thenComparing(Place::key);

    private final TreeMap<Place, Integer> needs = new TreeMap<>(ORDER);
    private long total;
    private @Nullable Place
            mark; // the last whom the room reached, and what all up to it need: both move little from one
    private long upToMark; // question to the next, since whoever is served leaves the line with what he needed

    void join(ServiceKey key, long firstClaimedEpochMillis, int need) {
        var place = new Place(firstClaimedEpochMillis, key);
        var before = needs.put(place, need);
        changed(place, need - (before == null ? 0 : before));
    }

    void leave(ServiceKey key, long firstClaimedEpochMillis) {
        var place = new Place(firstClaimedEpochMillis, key);
        var before = needs.remove(place);
        changed(place, before == null ? 0 : -before);
    }

    private void changed(Place place, int by) {
        total += by;
        if (isMarked(place)) {
            upToMark += by;
        }
    }

    private boolean isMarked(Place place) {
        return mark != null && ORDER.compare(place, mark) <= 0;
    }

    /** Whether there is enough for this one after everybody who came before it. */
    boolean reaches(ServiceKey key, long firstClaimedEpochMillis, int need, long room) {
        if (room < need) {
            return false;
        }
        return total + need <= room || isWithin(new Place(firstClaimedEpochMillis, key), room - need);
    }

    /** Whether all before a place need no more than the room. */
    private boolean isWithin(Place place, long room) {
        while (mark != null && upToMark > room) {
            upToMark -= needs.getOrDefault(mark, 0);
            mark = needs.lowerKey(mark);
        }
        var next = afterMark();
        while (next != null && upToMark + next.getValue() <= room) {
            mark = next.getKey();
            upToMark += next.getValue();
            next = afterMark();
        }
        return next == null || ORDER.compare(place, next.getKey()) <= 0;
    }

    private Map.@Nullable Entry<Place, Integer> afterMark() {
        return mark == null ? needs.firstEntry() : needs.higherEntry(mark);
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
