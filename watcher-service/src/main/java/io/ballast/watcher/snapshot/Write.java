package io.ballast.watcher.snapshot;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One write to a Service, or about it. */
public sealed interface Write {
    /** An Event. */
    record Tell(Announcement announcement) implements Write {}

    /**
     * A write of the status.
     *
     * @param ingress the wanted list; null to leave it alone
     * @param conditions the wanted list, others' conditions among them; null to leave it alone
     */
    record SetStatus(
            @Nullable List<IngressFacts> ingress, @Nullable List<ConditionFacts> conditions) implements Write {}

    /** A write of the finalizers: the wanted list. */
    record SetFinalizers(List<String> finalizers) implements Write {
        public SetFinalizers {
            finalizers = List.copyOf(finalizers);
        }
    }
}
