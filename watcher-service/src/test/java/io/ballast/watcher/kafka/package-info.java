@NullMarked
package io.ballast.watcher.kafka;

import org.jspecify.annotations.NullMarked;
