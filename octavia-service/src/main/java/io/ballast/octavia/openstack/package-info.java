/** Octavia and Neutron over HTTP: our records to their JSON and back. */
@NullMarked
package io.ballast.octavia.openstack;

import org.jspecify.annotations.NullMarked;
