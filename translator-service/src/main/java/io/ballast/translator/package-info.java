/** translator-service: publishes the load balancer each Service should have. */
@NullMarked
package io.ballast.translator;

import org.jspecify.annotations.NullMarked;
