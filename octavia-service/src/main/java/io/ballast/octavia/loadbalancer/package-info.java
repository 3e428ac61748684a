/** What to do next about the load balancers of one Service: decided from what is desired and what was observed, as static functions without clock, randomness and I/O. */
@NullMarked
package io.ballast.octavia.loadbalancer;

import org.jspecify.annotations.NullMarked;
