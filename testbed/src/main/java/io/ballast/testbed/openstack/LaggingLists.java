package io.ballast.testbed.openstack;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What the lists of one service show: the present, or, while lists lag, the newest state that is old enough. */
final class LaggingLists {
    private record Remembered(Instant at, Map<String, List<ObjectNode>> views) {}

    private final List<String> collections;
    private final Function<String, List<ObjectNode>> present;
    private final Deque<Remembered> history = new ArrayDeque<>();

    /** Lists of these collections; {@code present} gives fresh documents of one. */
    LaggingLists(List<String> collections, Function<String, List<ObjectNode>> present) {
        this.collections = collections;
        this.present = present;
    }

    /** Notes the present state; forgets what no lagging list can show any more. */
    void remember(Instant now, Duration lag) {
        if (lag.isZero()) {
            history.clear();
            return;
        }
        var views = new LinkedHashMap<String, List<ObjectNode>>();
        collections.forEach(collection -> views.put(collection, present.apply(collection)));
        history.addLast(new Remembered(now, views));
        while (history.size() > 1 && second().at().plus(lag).compareTo(now) <= 0) {
            history.removeFirst();
        }
    }

    private Remembered second() {
        var each = history.iterator();
        each.next();
        return each.next();
    }

    /** The documents of a collection, as a list shows them now. */
    List<ObjectNode> views(String collection, Instant now, Duration lag) {
        if (lag.isZero() || history.isEmpty() || !collections.contains(collection)) {
            return present.apply(collection);
        }
        var shown = history.getFirst();
        for (var each : history) {
            if (!each.at().plus(lag).isAfter(now)) {
                shown = each;
            }
        }
        return shown.views().getOrDefault(collection, List.of()).stream()
                .map(ObjectNode::deepCopy)
                .toList();
    }
}
