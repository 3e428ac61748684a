package io.ballast.testbed.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.testbed.sim.CallPoints.Crash;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** R25: a process that dies at any call of the scenario leaves nothing behind, makes nothing twice, and all serves. */
class CrashPointsTest {
    /** Points that the quick run leaves out between two that it takes; coprime to what repeats in the scenario. */
    private static final int STRIDE = 11;

    private static final List<Crash> CRASHES = List.of(Crash.values());
    private static final int PAIRS = 400;
    private static final long PAIRS_SEED = 7;

    @Test
    void survivesADeathAtSomeCalls() {
        assertThat(violations(singles(STRIDE), "single deaths, every " + STRIDE + "th call"))
                .isEmpty();
    }

    @Tag("full")
    @Test
    void survivesADeathAtEveryCall() {
        assertThat(violations(singles(1), "single deaths, every call")).isEmpty();
    }

    @Tag("full")
    @Test
    void survivesTwoDeaths() {
        var random = new Random(PAIRS_SEED);
        int calls = CrashScenario.calls().size();
        var plans = new ArrayList<Map<Integer, Crash>>();
        while (plans.size() < PAIRS) {
            var plan = new HashMap<Integer, Crash>();
            int first = random.nextInt(calls);
            plan.put(first, CRASHES.get(random.nextInt(CRASHES.size())));
            plan.put(Math.min(calls - 1, first + 1 + random.nextInt(25)), CRASHES.get(random.nextInt(CRASHES.size())));
            plans.add(plan);
        }
        assertThat(violations(plans, "pairs of deaths, seed " + PAIRS_SEED)).isEmpty();
    }

    private static List<Map<Integer, Crash>> singles(int stride) {
        int calls = CrashScenario.calls().size();
        var plans = new ArrayList<Map<Integer, Crash>>();
        int points = calls * CRASHES.size();
        for (int point = 0; point < points; point += stride) {
            plans.add(Map.of(point / CRASHES.size(), CRASHES.get(point % CRASHES.size())));
        }
        return plans;
    }

    private static List<String> violations(List<Map<Integer, Crash>> plans, String what) {
        var violations = plans.parallelStream()
                .flatMap(plan -> CrashScenario.violations(plan).stream().map(violation -> plan + ": " + violation))
                .toList();
        System.out.printf("%d runs of %s: %d violations%n", plans.size(), what, violations.size());
        return violations;
    }
}
