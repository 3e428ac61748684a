/** Tests of purging. */
@NullMarked
package io.ballast.testbed.purge;

import org.jspecify.annotations.NullMarked;
