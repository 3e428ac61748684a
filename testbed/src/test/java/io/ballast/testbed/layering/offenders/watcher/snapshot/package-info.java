@NullMarked
package io.ballast.testbed.layering.offenders.watcher.snapshot;

import org.jspecify.annotations.NullMarked;
