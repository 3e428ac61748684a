package io.ballast.testbed.layering.offenders.watcher.snapshot;

import java.util.concurrent.Future;

/** A core that waits. */
interface Waiter {
    Future<String> answer();
}
