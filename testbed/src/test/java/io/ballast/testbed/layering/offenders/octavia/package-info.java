@NullMarked
package io.ballast.testbed.layering.offenders.octavia;

import org.jspecify.annotations.NullMarked;
