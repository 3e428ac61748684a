package io.ballast.testbed.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** One event of a watch. {@code revision} is the point to go on from after it; {@code object} belongs to the model, so copy before a change. */
public record WatchEvent(Type type, ObjectNode object, long revision) {
    /** As on the wire. */
    public enum Type {
        ADDED,
        MODIFIED,
        DELETED,
        BOOKMARK,
        ERROR
    }
}
