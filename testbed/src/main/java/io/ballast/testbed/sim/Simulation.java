package io.ballast.testbed.sim;

import java.util.ArrayList;
import java.util.List;

/** Runs schedules and, when one fails, shrinks it to the operations that matter. */
public final class Simulation {
    /** Operations of a schedule. */
    public static final int OPERATIONS = 25;

    /** A schedule that went wrong. */
    public record Failure(long seed, Defect defect, List<Operation> operations, List<String> violations, String state) {
        /** What to do to see it again. */
        public String describe() {
            var text = new StringBuilder("seed %d (%s): %d violations%n".formatted(seed, defect, violations.size()));
            violations.forEach(violation -> text.append("  ").append(violation).append(System.lineSeparator()));
            text.append("operations:").append(System.lineSeparator());
            operations.forEach(operation -> text.append("  ").append(operation).append(System.lineSeparator()));
            return text.append(state).toString();
        }
    }

    private Simulation() {}

    /** Runs the schedule of a seed; its violations, empty when there are none. */
    public static List<String> run(long seed, Defect defect) {
        return run(seed, defect, Operation.generate(seed, OPERATIONS));
    }

    /** Runs the given operations under a seed. */
    public static List<String> run(long seed, Defect defect, List<Operation> operations) {
        return new SimWorld(seed, defect).play(operations);
    }

    /** The fingerprint of everything that the schedule of a seed wrote. */
    public static long fingerprint(long seed) {
        var world = new SimWorld(seed, Defect.NONE);
        world.play(Operation.generate(seed, OPERATIONS));
        return world.fingerprint();
    }

    /** Takes operations away as long as the schedule still fails. */
    public static Failure shrink(long seed, Defect defect, List<Operation> operations) {
        var left = new ArrayList<>(operations);
        for (int chunk = left.size() / 2; chunk >= 1; chunk /= 2) {
            for (int from = 0; from + chunk <= left.size(); ) {
                var fewer = new ArrayList<>(left);
                fewer.subList(from, from + chunk).clear();
                var found = run(seed, defect, fewer);
                if (found.isEmpty()) {
                    from += chunk;
                } else {
                    left = fewer;
                }
            }
        }
        var world = new SimWorld(seed, defect);
        var again = world.play(left);
        return new Failure(seed, defect, List.copyOf(left), again, world.describe());
    }
}
