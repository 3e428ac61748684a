/** Tests of the Neutron adapter. */
@NullMarked
package io.ballast.ipam.openstack;

import org.jspecify.annotations.NullMarked;
