package io.ballast.testbed.layering.offenders.watcher.snapshot;

import java.time.Instant;
import java.util.Random;
import java.util.function.LongSupplier;

/** A core that looks at the clock and throws dice. */
final class Gambler {
    private Gambler() {}

    static String gamble() {
        LongSupplier nanos = System::nanoTime;
        return Instant.now() + " " + new Random().nextInt() + " " + nanos.getAsLong();
    }
}
