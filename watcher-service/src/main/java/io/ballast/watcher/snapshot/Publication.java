package io.ballast.watcher.snapshot;

import io.ballast.schemas.contract.GoneReason;
import io.ballast.schemas.contract.ServiceSnapshot;
import io.ballast.schemas.contract.SnapshotState;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Decides what the topic {@code services} is to say of one Service. */
public final class Publication {
    /** What to do next; when it is done, decide again. */
    public sealed interface Step {
        /** The row says what is true. */
        record Settled() implements Step {}

        /** Write the row. */
        record Publish(ServiceSnapshot snapshot) implements Step {}

        /** Write the tombstone: everybody has answered. */
        record End() implements Step {}

        /** Ask the API server itself. */
        record LookLive() implements Step {}

        /** Put our finalizer on the Service. */
        record AddFinalizer(ServiceFacts facts) implements Step {}

        /** The deletion of this uid is held by the brake. */
        record Hold(String uid) implements Step {}

        /** The namespace has not been seen yet. */
        record AwaitNamespace() implements Step {}
    }

    /**
     * All that is known.
     *
     * @param clusterUid UID of the kube-system namespace
     * @param row what is published; null for nothing
     * @param view what Kubernetes says
     * @param namespace the Service's namespace; null when it was not seen
     * @param departed proof that a uid is gone; null for one of which there is none
     * @param chain what the others say
     * @param isAlive whether a live answer showed the Service that is seen, and not from a cache
     * @param isRepeated whether the row was written again since the start, to ask for an answer
     */
    public record Known(
            String clusterUid,
            @Nullable ServiceSnapshot row,
            View<ServiceFacts> view,
            @Nullable NamespaceFacts namespace,
            Function<String, @Nullable GoneReason> departed,
            Chain chain,
            boolean isAlive,
            boolean isRepeated) {}

    private static final Step SETTLED = new Step.Settled();

    private Publication() {}

    /**
     * The next step. A GONE needs a proof: a deletionTimestamp, a watched DELETE, or a live read; the last kind also the
     * consent of the brake. A uid that is GONE, or that may have been and is forgotten, because it bears our finalizer and has
     * no row, is PRESENT only after a live answer: an old cache shows what is over, and only a restore brings it back.
     *
     * @param admits whether the brake lets the inferred deletion of a uid pass
     */
    public static Step decide(Known known, Rules rules, Predicate<String> admits) {
        if (known.view().doubtful()) {
            return new Step.LookLive();
        }
        var seen = known.view().seen();
        var row = known.row();
        if (row != null && row.state() == SnapshotState.PRESENT) {
            return seen != null && seen.uid().equals(row.uid()) && !seen.deleting()
                    ? present(known, seen, rules)
                    : leave(known, row.uid(), row.resourceVersion(), admits);
        }
        if (row != null && (seen == null || (seen.uid().equals(row.uid()) && seen.deleting()))) {
            return end(known, row, admits);
        }
        if (seen == null) {
            return orphan(known, admits);
        }
        if (seen.deleting()) {
            return deleting(known, seen);
        }
        boolean mayBeOver = (row != null && seen.uid().equals(row.uid())) || seen.isHeld();
        return mayBeOver && !known.isAlive() ? new Step.LookLive() : present(known, seen, rules);
    }

    private static Step present(Known known, ServiceFacts seen, Rules rules) {
        var namespace = known.namespace();
        if (namespace == null) {
            return new Step.AwaitNamespace();
        }
        var row = known.row();
        var wanted = Snapshots.present(seen, namespace, known.clusterUid());
        boolean lacksFinalizer = rules.finalizers() && !seen.isHeld() && rules.mayServe(seen, namespace);
        boolean isPublished = row != null && row.state() == SnapshotState.PRESENT;
        if (Snapshots.same(row, wanted) || (lacksFinalizer && !isPublished)) {
            return lacksFinalizer ? new Step.AddFinalizer(seen) : SETTLED;
        }
        return new Step.Publish(wanted);
    }

    private static Step leave(Known known, String uid, String resourceVersion, Predicate<String> admits) {
        var seen = known.view().seen();
        var reason = seen != null && seen.uid().equals(uid) && seen.deleting()
                ? GoneReason.DELETION_TIMESTAMP
                : known.departed().apply(uid);
        if (reason == null) {
            return new Step.LookLive();
        }
        var namespace = known.namespace();
        if (reason == GoneReason.CONFIRMED_ABSENT && namespace != null && namespace.terminating()) {
            reason = GoneReason.NAMESPACE_TERMINATING;
        }
        if (View.isInferred(reason) && !admits.test(uid)) {
            return new Step.Hold(uid);
        }
        return new Step.Publish(
                seen != null && seen.uid().equals(uid)
                        ? Snapshots.leaving(seen, resourceVersion, reason, known.clusterUid())
                        : Snapshots.gone(uid, resourceVersion, reason, known.clusterUid()));
    }

    private static Step deleting(Known known, ServiceFacts seen) {
        boolean answerIsOwed = seen.isHeld() || known.chain().aliveUid() != null;
        return answerIsOwed
                ? new Step.Publish(Snapshots.leaving(
                        seen, seen.resourceVersion(), GoneReason.DELETION_TIMESTAMP, known.clusterUid()))
                : SETTLED;
    }

    private static Step orphan(Known known, Predicate<String> admits) {
        var uid = known.chain().aliveUid();
        return uid == null ? SETTLED : leave(known, uid, "", admits);
    }

    private static Step end(Known known, ServiceSnapshot row, Predicate<String> admits) {
        var seen = known.view().seen();
        var alive = known.chain().aliveUid();
        if (alive != null && !alive.equals(row.uid()) && seen == null) {
            return leave(known, alive, "", admits);
        }
        if (seen != null && row.goneBecause() != null) {
            var wished = Snapshots.leaving(seen, row.resourceVersion(), row.goneBecause(), known.clusterUid());
            if (!Snapshots.same(row, wished)) {
                return new Step.Publish(wished);
            }
        }
        if (known.chain().status() != null) {
            return SETTLED;
        }
        boolean finalizerGone = seen == null || !seen.isHeld();
        boolean deleted = known.chain().isDeleted(row.uid());
        if (deleted && finalizerGone) {
            return seen == null || seen.deleting() ? new Step.End() : SETTLED;
        }
        boolean finalizerMayGo = deleted && known.chain().isReleased(row.uid());
        return finalizerMayGo || known.isRepeated() ? SETTLED : new Step.Publish(row);
    }
}
