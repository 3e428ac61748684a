/** Tests of taking over. */
@NullMarked
package io.ballast.testbed.takeover;

import org.jspecify.annotations.NullMarked;
