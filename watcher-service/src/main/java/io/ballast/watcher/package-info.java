/** The watcher-service: publishes what Kubernetes says, and writes back what became of it. */
@NullMarked
package io.ballast.watcher;

import org.jspecify.annotations.NullMarked;
