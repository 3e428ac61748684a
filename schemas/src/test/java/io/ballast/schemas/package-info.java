@NullMarked
package io.ballast.schemas;

import org.jspecify.annotations.NullMarked;
