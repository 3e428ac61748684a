package io.ballast.testbed.layering.offenders.watcher;

import org.apache.avro.Schema;

/** A service that encodes for itself. */
interface Serialiser {
    Schema schema();
}
