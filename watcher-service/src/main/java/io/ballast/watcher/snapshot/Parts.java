package io.ballast.watcher.snapshot;

import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** Decides what the topics of slices and nodes are to say of one object. */
public final class Parts {
    /**
     * What to do next.
     *
     * @param <S> snapshot of its kind
     */
    public sealed interface Step<S> {
        /** The row says what is true. */
        record Settled<S>() implements Step<S> {}

        /** Write the row. */
        record Publish<S>(S snapshot) implements Step<S> {}

        /** Write the tombstone. */
        record End<S>() implements Step<S> {}

        /** Ask the API server itself. */
        record LookLive<S>() implements Step<S> {}
    }

    private Parts() {}

    /**
     * The next step. A tombstone needs a proof, too: a watched DELETE, a live read, or the object seen elsewhere.
     *
     * @param row what is published; null for nothing
     * @param wanted what should be; null when the object is not seen
     * @param doubtful whether only a live read can tell
     * @param provenGone whether there is proof that what is published is gone
     * @param same whether two snapshots say the same
     */
    public static <S> Step<S> decide(
            @Nullable S row, @Nullable S wanted, boolean doubtful, boolean provenGone, BiPredicate<S, S> same) {
        if (doubtful) {
            return new Step.LookLive<>();
        }
        if (wanted != null) {
            return row != null && same.test(row, wanted) ? new Step.Settled<>() : new Step.Publish<>(wanted);
        }
        if (row == null) {
            return new Step.Settled<>();
        }
        return provenGone ? new Step.End<>() : new Step.LookLive<>();
    }
}
