package io.ballast.ipam.allocation;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was decided about one command.
 *
 * @param events facts to be committed and evolved; empty when nothing changed
 * @param step what to ask of Neutron next; null for nothing
 * @param again when to decide once more if nothing happens before; null for never
 */
public record Decision(
        List<AllocationEvent> events,
        @Nullable Step step,
        @Nullable Instant again) {
    /** Nothing is to be done. */
    public static final Decision NOTHING = new Decision(List.of(), null, null);

    public Decision {
        events = List.copyOf(events);
    }
}
