package io.ballast.runtime.shell;

import io.ballast.runtime.shell.Effect.Report.Level;
import java.util.ArrayList;
import java.util.List;

/** What one step asks of the driver, in order. */
final class Outbox<C> {
    private final List<Effect<C>> effects = new ArrayList<>();

    void add(Effect<C> effect) {
        effects.add(effect);
    }

    /** @param values names and values in turn */
    void report(Level level, String message, Object... values) {
        effects.add(new Effect.Report<>(level, message, List.of(values)));
    }

    /** A bug in a reconciler is reported and ends there: the process goes on with every other key. */
    void guarded(Runnable notification) {
        try {
            notification.run();
        } catch (RuntimeException e) {
            report(Level.ERROR, "a reconciler failed to take something in", "error", e);
        }
    }

    List<Effect<C>> takeAll() {
        var taken = List.copyOf(effects);
        effects.clear();
        return taken;
    }
}
