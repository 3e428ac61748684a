@NullMarked
package io.ballast.testbed.sim;

import org.jspecify.annotations.NullMarked;
