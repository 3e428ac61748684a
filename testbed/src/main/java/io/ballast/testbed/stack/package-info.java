/** The local stack: broker, Kubernetes, OpenStack and the four services as processes of their own on loopback. */
@NullMarked
package io.ballast.testbed.stack;

import org.jspecify.annotations.NullMarked;
