@NullMarked
package io.ballast.testbed.octavia;

import org.jspecify.annotations.NullMarked;
