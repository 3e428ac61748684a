/** The examples of the documentation, run. */
@NullMarked
package io.ballast.testbed.docs;

import org.jspecify.annotations.NullMarked;
