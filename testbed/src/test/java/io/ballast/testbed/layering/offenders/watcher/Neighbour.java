package io.ballast.testbed.layering.offenders.watcher;

import io.ballast.testbed.layering.offenders.octavia.Lb;

/** A service that knows another. */
interface Neighbour {
    Lb borrow();
}
