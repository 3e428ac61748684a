/** The commands of the script {@code ballast}. */
@NullMarked
package io.ballast.testbed.command;

import org.jspecify.annotations.NullMarked;
