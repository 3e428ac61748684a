@NullMarked
package io.ballast.watcher;

import org.jspecify.annotations.NullMarked;
