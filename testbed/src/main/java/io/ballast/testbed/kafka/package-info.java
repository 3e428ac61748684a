/** A real broker inside this process or beside it, and the smallest service that lives on one. */
@NullMarked
package io.ballast.testbed.kafka;

import org.jspecify.annotations.NullMarked;
