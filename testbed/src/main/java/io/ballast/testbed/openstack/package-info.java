/** A model of OpenStack: Keystone v3, Neutron and Octavia v2, as a passive state machine and as an HTTP server over it. */
@NullMarked
package io.ballast.testbed.openstack;

import org.jspecify.annotations.NullMarked;
