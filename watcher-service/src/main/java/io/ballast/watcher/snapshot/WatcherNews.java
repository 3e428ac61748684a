package io.ballast.watcher.snapshot;

import io.ballast.schemas.contract.InOrder;
import java.util.List;
import java.util.Map;

/** Answers of a Kubernetes API, and news that its watches bring. */
public sealed interface WatcherNews {
    /** UID of the kube-system namespace. */
    record ClusterRead(String uid) implements WatcherNews {}

    /** The watches are started; they list when they can. */
    record Watching() implements WatcherNews {}

    /**
     * How the watches stand.
     *
     * @param signs signs of life of each watch that runs, counted from its start: events, bookmarks and lists
     * @param versions resourceVersion that each has come to; bookmarks move it on
     */
    record WatchesRead(Map<Kind, Long> signs, Map<Kind, String> versions) implements WatcherNews {
        public WatchesRead {
            signs = InOrder.copyOf(signs);
            versions = InOrder.copyOf(versions);
        }
    }

    /** A watch or a list showed an object, perhaps late, twice, or from an old cache. */
    record Seen(Facts facts) implements WatcherNews {}

    /** The watch delivered the DELETE of an object. */
    record Deleted(Kind kind, ObjectName name, String uid) implements WatcherNews {}

    /** A list is complete: these objects were in it, by name. Each was {@link Seen} before. */
    record Listed(Kind kind, Map<ObjectName, Listing> names) implements WatcherNews {
        public Listed {
            names = InOrder.copyOf(names);
        }
    }

    /**
     * A full comparison: everything that exists, by kind. A kind that is not watched is absent.
     *
     * @param versions resourceVersion of each list
     */
    record Compared(Map<Kind, List<Facts>> objects, Map<Kind, String> versions) implements WatcherNews {
        public Compared {
            objects = InOrder.copyOf(objects);
            versions = InOrder.copyOf(versions);
        }
    }

    /** A live read or a write answered the object as it stands. */
    record Found(Facts facts) implements WatcherNews {}

    /** A live read or a write answered 404. */
    record Absent() implements WatcherNews {}

    /** A write was refused because the object has changed or has another uid. */
    record Conflict() implements WatcherNews {}

    /** The Event is there, or cannot be made; it is not tried again. */
    record EventPosted() implements WatcherNews {}

    /**
     * Kubernetes refused for good, as far as one can tell.
     *
     * @param status HTTP status
     * @param message what it said
     */
    record Refused(int status, String message) implements WatcherNews {}

    /** Kubernetes did not answer, or answered that it cannot now. */
    record Unavailable(String message) implements WatcherNews {}
}
