/**
 * The shell that all services share, as passive steps: an event goes in, effects come out. No thread, no blocking call, no
 * {@code Future}, no clock and no random source, so that a simulator can run it thousands of times from a seed. It knows
 * no load balancer.
 */
@NullMarked
package io.ballast.runtime.shell;

import org.jspecify.annotations.NullMarked;
