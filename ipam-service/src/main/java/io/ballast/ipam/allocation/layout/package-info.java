/** The networks of a cluster: which subnet gives which addresses to whom, computed from their ranges alone. */
@NullMarked
package io.ballast.ipam.allocation.layout;

import org.jspecify.annotations.NullMarked;
