package io.ballast.watcher.snapshot;

import io.ballast.schemas.contract.InOrder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the watcher asks of a Kubernetes API. */
public sealed interface WatcherCall {
    /** Reads the UID of the kube-system namespace: {@link WatcherNews.ClusterRead}. */
    record ReadCluster() implements WatcherCall {}

    /**
     * Starts to watch these kinds, anew where a watch runs already: {@link WatcherNews.Watching}, then news of each kind,
     * and {@link WatcherNews.Listed} after each list.
     *
     * @param known objects that our own topics know, by kind: name and {@code uid} of each
     */
    record StartWatching(Map<Kind, Map<ObjectName, String>> known) implements WatcherCall {
        public StartWatching {
            known = InOrder.copyOf(known);
        }
    }

    /** Asks how the watches stand: {@link WatcherNews.WatchesRead}. */
    record ReadWatches() implements WatcherCall {}

    /** Lists everything in pages, from the newest state: {@link WatcherNews.Compared}. */
    record ListAll() implements WatcherCall {}

    /**
     * Reads one object, from the newest state: {@link WatcherNews.Found} or {@link WatcherNews.Absent}.
     *
     * @param kind its kind
     * @param name its name
     * @param uids uids of which an answer is a proof: a 404, or another uid, ends each of them
     * @param basis resourceVersion seen when this was asked; null when nothing was seen
     */
    record Look(
            Kind kind,
            ObjectName name,
            Set<String> uids,
            @Nullable String basis) implements WatcherCall {
        public Look {
            uids = InOrder.copyOf(uids);
        }
    }

    /** Writes the list of finalizers, if the Service still has this uid and resourceVersion: {@link WatcherNews.Found}. */
    record PatchFinalizers(ObjectName name, String uid, String resourceVersion, List<String> finalizers)
            implements WatcherCall {
        public PatchFinalizers {
            finalizers = List.copyOf(finalizers);
        }
    }

    /** Writes status, if the Service still has this uid and resourceVersion: {@link WatcherNews.Found}. */
    record PatchStatus(ObjectName name, String uid, String resourceVersion, Write.SetStatus status)
            implements WatcherCall {}

    /** Makes an Event on a Service, or counts it up: {@link WatcherNews.EventPosted}. */
    record PostEvent(ObjectName name, String uid, Announcement announcement, Instant now) implements WatcherCall {}
}
