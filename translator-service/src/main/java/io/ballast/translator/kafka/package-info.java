/** The translator's tables, wired to its core. */
@NullMarked
package io.ballast.translator.kafka;

import org.jspecify.annotations.NullMarked;
