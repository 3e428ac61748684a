@NullMarked
package io.ballast.runtime.logging;

import org.jspecify.annotations.NullMarked;
