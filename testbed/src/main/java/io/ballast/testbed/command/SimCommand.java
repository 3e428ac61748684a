package io.ballast.testbed.command;

import io.ballast.testbed.sim.Defect;
import io.ballast.testbed.sim.Operation;
import io.ballast.testbed.sim.Simulation;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
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

    @Option(
            names = "--defect",
            description = "Plant a defect and stop at the first schedule that finds it: ${COMPLETION-CANDIDATES}")
    private Defect defect = Defect.NONE;

    @Override
    public Integer call() throws InterruptedException, ExecutionException {
        return defect == Defect.NONE ? sound() : planted();
    }

    /** Worlds share nothing, so that every core has one of its own; what they say is printed in the order of seeds. */
    private int sound() throws InterruptedException, ExecutionException {
        var start = System.nanoTime();
        int failed = 0;
        try (var threads = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            var results = LongStream.range(seed, seed + schedules)
                    .mapToObj(each -> threads.submit(() -> failure(each)))
                    .toList();
            for (var result : results) {
                var failure = result.get();
                if (!failure.isEmpty()) {
                    failed++;
                    System.out.println(failure);
                }
            }
        }
        System.out.printf(
                "%d schedules from seed %d, %d failed, %.1f s%n",
                schedules, seed, failed, (System.nanoTime() - start) / 1e9);
        return failed == 0 ? 0 : 1;
    }

    /** The smallest schedule of a seed that fails, in words; empty when it does not. */
    private static String failure(long each) {
        return Simulation.run(each, Defect.NONE).isEmpty()
                ? ""
                : Simulation.shrink(each, Defect.NONE, Operation.generate(each, Simulation.OPERATIONS))
                        .describe();
    }

    private int planted() {
        for (long each = seed; each < seed + schedules; each++) {
            var violations = Simulation.run(each, defect);
            if (!violations.isEmpty()) {
                System.out.printf("found by schedule %d, seed %d: %s%n", each - seed + 1, each, violations.getFirst());
                return 0;
            }
        }
        System.out.printf("not found by %d schedules from seed %d: %s%n", schedules, seed, defect);
        return 1;
    }
}
