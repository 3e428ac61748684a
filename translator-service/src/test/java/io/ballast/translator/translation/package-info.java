@NullMarked
package io.ballast.translator.translation;

import org.jspecify.annotations.NullMarked;
