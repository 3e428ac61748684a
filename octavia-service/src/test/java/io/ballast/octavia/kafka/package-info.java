@NullMarked
package io.ballast.octavia.kafka;

import org.jspecify.annotations.NullMarked;
