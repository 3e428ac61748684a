package io.ballast.testbed.sim;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * R25: one life of a Service, in which any process may die at any of its calls: it is made with an address from the pool,
 * scaled, listens on another port, leads to another port of its pods, asks for an address of a user and then for another
 * one, and is deleted.
 */
final class CrashScenario {
    private static final long SEED = 1;
    private static final Duration PAUSE = Duration.ofSeconds(15);

    private static final List<Operation> OPERATIONS = List.of(
            new Operation.Create(0, Operation.Kind.LOAD_BALANCER, 2),
            new Operation.Wait(PAUSE),
            new Operation.Scale(0, 4),
            new Operation.Wait(PAUSE),
            new Operation.Renumber(0, 8081),
            new Operation.Wait(PAUSE),
            new Operation.Retarget(0, 9090),
            new Operation.Wait(PAUSE),
            new Operation.AskForAddress(0, 0),
            new Operation.Wait(PAUSE),
            new Operation.AskForAddress(0, 1),
            new Operation.Wait(PAUSE));

    private CrashScenario() {}

    /** The calls that are made when nobody dies, in order. */
    static List<String> calls() {
        var points = CallPoints.none();
        var violations = run(points);
        if (!violations.isEmpty()) {
            throw new IllegalStateException("without a crash: " + violations);
        }
        return List.copyOf(points.calls());
    }

    /** What is wrong in the end when processes die at these calls; empty when nothing is. */
    static List<String> violations(Map<Integer, CallPoints.Crash> deaths) {
        return run(new CallPoints(deaths));
    }

    private static List<String> run(CallPoints points) {
        var world = new SimWorld(SEED, Defect.NONE, Faults.NONE, points);
        world.makeUserAddresses(2);
        return world.playOnce(OPERATIONS);
    }
}
