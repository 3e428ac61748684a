/** Health and metrics over HTTP. */
@NullMarked
package io.ballast.runtime.http;

import org.jspecify.annotations.NullMarked;
