/** The shell on a real Kafka: one process runs one service. */
@NullMarked
package io.ballast.runtime.kafka;

import org.jspecify.annotations.NullMarked;
