/** The stories once more, on a real OpenStack: {@code mvn verify -Preal-openstack} with OS_CLOUD. */
@NullMarked
package io.ballast.testbed.real;

import org.jspecify.annotations.NullMarked;
