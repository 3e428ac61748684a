@NullMarked
package io.ballast.testbed.layering.offenders.watcher;

import org.jspecify.annotations.NullMarked;
