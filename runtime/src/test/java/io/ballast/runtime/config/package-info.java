@NullMarked
package io.ballast.runtime.config;

import org.jspecify.annotations.NullMarked;
