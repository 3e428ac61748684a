@NullMarked
package io.ballast.watcher.snapshot;

import org.jspecify.annotations.NullMarked;
