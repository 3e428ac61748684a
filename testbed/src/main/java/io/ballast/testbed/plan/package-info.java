/** The network layout of a cluster as people and tools read it. */
@NullMarked
package io.ballast.testbed.plan;

import org.jspecify.annotations.NullMarked;
