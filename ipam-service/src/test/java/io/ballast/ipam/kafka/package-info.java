/** Tests of the reconciler, and a Neutron with behaviour. */
@NullMarked
package io.ballast.ipam.kafka;

import org.jspecify.annotations.NullMarked;
