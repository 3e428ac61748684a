package io.ballast.runtime.shell;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one pass over one key decided. Its records are committed together, in one fenced transaction; only then is its
 * call made. The key has no other pass until the call is answered.
 *
 * @param <C> the calls of the service
 * @param records what to write, in order; may be empty
 * @param call the call to make; null for none. A call that changes something belongs in a pass that writes its STARTED outcome
 * @param again when to look at the key once more if nothing marks it before; null for never
 */
public record Pass<C>(
        List<Output<?>> records, @Nullable C call, @Nullable Instant again) {
    public Pass {
        records = List.copyOf(records);
    }

    /** Nothing to do. */
    public static <C> Pass<C> nothing() {
        return new Pass<>(List.of(), null, null);
    }

    /** Nothing to do before the given time. */
    public static <C> Pass<C> later(Instant again) {
        return new Pass<>(List.of(), null, again);
    }

    /** Records only. */
    public static <C> Pass<C> write(List<Output<?>> records) {
        return new Pass<>(records, null, null);
    }

    /** A call only: one that changes nothing. */
    public static <C> Pass<C> call(C call) {
        return new Pass<>(List.of(), call, null);
    }

    public Pass<C> again(@Nullable Instant time) {
        return new Pass<>(records, call, time);
    }
}
