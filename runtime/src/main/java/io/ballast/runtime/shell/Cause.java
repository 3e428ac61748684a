package io.ballast.runtime.shell;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Why a pass runs: taken from the newest record that marked its key, handed on in the headers of what it writes.
 *
 * @param traceparent W3C trace context; null when the pass begins a trace
 * @param observedAt when the watcher saw the change behind it; null when unknown
 */
public record Cause(@Nullable String traceparent, @Nullable Instant observedAt) {
    /** No record caused it. */
    public static final Cause NONE = new Cause(null, null);
}
