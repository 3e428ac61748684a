package io.ballast.testbed.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ballast sim}: runs seeded schedules of the whole system in memory. */
@Command(
        name = "sim",
        description = "Runs the whole system in memory from seeds, with faults; says each violation and its seed.",
        mixinStandardHelpOptions = true)
final class SimCommand implements Callable<Integer> {
    @Option(names = "--schedules", description = "How many; default: ${DEFAULT-VALUE}", defaultValue = "500")
    private int schedules = 500;

    @Option(names = "--seed", description = "The first seed; default: ${DEFAULT-VALUE}", defaultValue = "1")
    private long seed = 1;

    @Override
    public Integer call() {
        throw new IllegalStateException("no simulation of %d schedules from seed %d yet".formatted(schedules, seed));
    }
}
