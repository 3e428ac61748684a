/** A small world for tests: Neutron with behaviour, a driver for the reconciler, claims that are valid by default. */
@NullMarked
package io.ballast.ipam.world;

import org.jspecify.annotations.NullMarked;
