/** Neutron, as the core asks for it. */
@NullMarked
package io.ballast.ipam.openstack;

import org.jspecify.annotations.NullMarked;
