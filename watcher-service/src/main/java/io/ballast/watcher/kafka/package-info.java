/** The watcher on its topics: wires tables and news to the core. */
@NullMarked
package io.ballast.watcher.kafka;

import org.jspecify.annotations.NullMarked;
