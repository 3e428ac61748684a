/** Taking over the load balancers of kuryr-kubernetes and of the OpenStack cloud provider: what, in pure functions, and the doing. */
@NullMarked
package io.ballast.testbed.takeover;

import org.jspecify.annotations.NullMarked;
