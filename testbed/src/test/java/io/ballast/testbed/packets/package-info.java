/** Packets through load balancers of a real OpenStack: {@code mvn verify -Preal-openstack} with OS_CLOUD, beside {@code deploy/openstack-dev/dataplane}. */
@NullMarked
package io.ballast.testbed.packets;

import org.jspecify.annotations.NullMarked;
