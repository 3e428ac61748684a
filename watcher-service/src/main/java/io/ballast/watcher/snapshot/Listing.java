package io.ballast.watcher.snapshot;

/**
 * What a list says of the identity of one object.
 *
 * @param uid metadata.uid
 * @param resourceVersion metadata.resourceVersion
 */
public record Listing(String uid, String resourceVersion) {}
