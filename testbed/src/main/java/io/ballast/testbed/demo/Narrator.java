package io.ballast.testbed.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;

/** Prints one line for each thing that happens, with the seconds since the start. Safe for use by several threads. */
final class Narrator {
    private final PrintStream out;
    private final Instant start = Instant.now();

    Narrator(PrintStream out) {
        this.out = out;
    }

    synchronized void say(String line) {
        out.printf("%6.1f s  %s%n", Duration.between(start, Instant.now()).toMillis() / 1000.0, line);
        out.flush();
    }

    synchronized void plain(String text) {
        out.println(text);
        out.flush();
    }
}
