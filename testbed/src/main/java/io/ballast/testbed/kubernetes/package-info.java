/** A model of the Kubernetes API server and its controllers: passive and deterministic for the simulator, behind HTTP for everybody else. */
@NullMarked
package io.ballast.testbed.kubernetes;

import org.jspecify.annotations.NullMarked;
