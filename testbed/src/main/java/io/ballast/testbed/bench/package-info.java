/** Measurements, printed and never asserted. */
@NullMarked
package io.ballast.testbed.bench;

import org.jspecify.annotations.NullMarked;
