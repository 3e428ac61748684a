/** What a process owes to the one that started it. */
@NullMarked
package io.ballast.runtime.process;

import org.jspecify.annotations.NullMarked;
