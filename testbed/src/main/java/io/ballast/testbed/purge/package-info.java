/** Deleting what a cluster that is gone left in OpenStack: what, in pure functions, and the doing. */
@NullMarked
package io.ballast.testbed.purge;

import org.jspecify.annotations.NullMarked;
