package io.ballast.watcher.snapshot;

/** The kinds of objects that are watched. */
public enum Kind {
    NAMESPACES,
    SERVICES,
    SLICES,
    NODES
}
