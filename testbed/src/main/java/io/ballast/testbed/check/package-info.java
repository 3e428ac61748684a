/** Says in words how OpenStack differs from what Kubernetes asks for, without any of the code it checks. */
@NullMarked
package io.ballast.testbed.check;

import org.jspecify.annotations.NullMarked;
