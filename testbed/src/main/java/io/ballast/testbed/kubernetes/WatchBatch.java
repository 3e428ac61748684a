package io.ballast.testbed.kubernetes;

import java.util.List;

/** What a pull of a watch brought: events in order, and the revision to pull from next (also past events that did not match). */
public record WatchBatch(List<WatchEvent> events, long revision) {
    public WatchBatch {
        events = List.copyOf(events);
    }

    /** Whether the watch is over: its revision was compacted away, the last event says so. */
    public boolean isExpired() {
        return !events.isEmpty() && events.getLast().type() == WatchEvent.Type.ERROR;
    }
}
