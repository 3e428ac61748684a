package io.ballast.testbed.openstack;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What lists show: the present, or, while lists lag, the newest state that is old enough. */
final class OctaviaLists {
    private record Remembered(Instant at, Map<Kind, List<ObjectNode>> views) {}

    private final OctaviaState state;
    private final Deque<Remembered> history = new ArrayDeque<>();

    OctaviaLists(OctaviaState state) {
        this.state = state;
    }

    /** Notes the present state; forgets what no lagging list can show any more. */
    void remember(Instant now, Duration lag) {
        if (lag.isZero()) {
            history.clear();
            return;
        }
        var views = new EnumMap<Kind, List<ObjectNode>>(Kind.class);
        for (var kind : Kind.values()) {
            views.put(kind, present(kind));
        }
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

    List<ObjectNode> views(Kind kind, Instant now, Duration lag) {
        if (lag.isZero() || history.isEmpty()) {
            return present(kind);
        }
        var shown = history.getFirst();
        for (var each : history) {
            if (!each.at().plus(lag).isAfter(now)) {
                shown = each;
            }
        }
        return shown.views().getOrDefault(kind, List.of()).stream()
                .map(ObjectNode::deepCopy)
                .toList();
    }

    private List<ObjectNode> present(Kind kind) {
        return state.table(kind).all().stream()
                .map(row -> state.view(kind, row))
                .toList();
    }
}
