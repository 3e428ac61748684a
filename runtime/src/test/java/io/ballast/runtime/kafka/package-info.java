@NullMarked
package io.ballast.runtime.kafka;

import org.jspecify.annotations.NullMarked;
