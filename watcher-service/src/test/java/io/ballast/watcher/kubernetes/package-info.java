@NullMarked
package io.ballast.watcher.kubernetes;

import org.jspecify.annotations.NullMarked;
