/** Tests of the core. */
@NullMarked
package io.ballast.ipam.allocation;

import org.jspecify.annotations.NullMarked;
