/** The pure core of the translator: what load balancer a Service should have, and how its life goes. */
@NullMarked
package io.ballast.translator.translation;

import org.jspecify.annotations.NullMarked;
