/**
 * The simulator: the production shells and cores over models of the log, Kubernetes and OpenStack, on one thread, from one
 * seed, on a virtual clock, with faults injected. The same seed gives the same run.
 */
@NullMarked
package io.ballast.testbed.sim;

import org.jspecify.annotations.NullMarked;
