@NullMarked
package io.ballast.runtime.shell;

import org.jspecify.annotations.NullMarked;
