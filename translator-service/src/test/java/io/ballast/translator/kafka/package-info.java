@NullMarked
package io.ballast.translator.kafka;

import org.jspecify.annotations.NullMarked;
