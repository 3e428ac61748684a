/** Proofs on a real broker. */
@NullMarked
package io.ballast.testbed.kafka;

import org.jspecify.annotations.NullMarked;
