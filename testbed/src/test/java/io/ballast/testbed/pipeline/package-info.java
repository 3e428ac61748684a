/** The whole stack as processes of its own: what it must show whatever is killed, lost or damaged. */
@NullMarked
package io.ballast.testbed.pipeline;

import org.jspecify.annotations.NullMarked;
