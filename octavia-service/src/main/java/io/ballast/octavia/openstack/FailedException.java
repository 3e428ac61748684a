package io.ballast.octavia.openstack;

import io.ballast.octavia.loadbalancer.Failure;
import java.io.Serial;

/** Ends a call of several requests with the failure of one of them; never leaves this package. */
final class FailedException extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    final transient Failure failure;

    FailedException(Failure failure) {
        super(failure.message(), null, false, false);
        this.failure = failure;
    }
}
