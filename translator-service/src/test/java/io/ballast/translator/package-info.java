@NullMarked
package io.ballast.translator;

import org.jspecify.annotations.NullMarked;
