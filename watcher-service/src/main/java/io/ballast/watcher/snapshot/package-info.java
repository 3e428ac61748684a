/** The watcher's pure core: facts of Kubernetes in, snapshots and writes back to the Service out. */
@NullMarked
package io.ballast.watcher.snapshot;

import org.jspecify.annotations.NullMarked;
