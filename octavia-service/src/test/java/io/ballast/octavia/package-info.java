@NullMarked
package io.ballast.octavia;

import org.jspecify.annotations.NullMarked;
