package io.ballast.watcher.snapshot;

/** What the API server said of one object at one moment. */
public sealed interface Facts permits ServiceFacts, SliceFacts, NodeFacts, NamespaceFacts {
    /** metadata.uid. */
    String uid();

    /** metadata.resourceVersion. */
    String resourceVersion();
}
