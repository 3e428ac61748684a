package io.ballast.testbed.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The whole system in memory: whatever dies and gets lost, all converges, nothing leaks and nothing is made twice. */
class SimulationProperties {
    static LongStream kept() {
        return Seeds.kept();
    }

    static LongStream some() {
        return LongStream.rangeClosed(1, 40);
    }

    static LongStream many() {
        return LongStream.rangeClosed(1_001, 3_000);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("kept")
    void staysMended(long seed) {
        assertThat(Simulation.run(seed, Defect.NONE)).isEmpty();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("some")
    void converges(long seed) {
        assertThat(Simulation.run(seed, Defect.NONE)).isEmpty();
    }

    @Tag("full")
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("many")
    void convergesManyTimes(long seed) {
        assertThat(Simulation.run(seed, Defect.NONE)).isEmpty();
    }

    @Test
    void sameSeedSameRun() {
        assertThat(Simulation.fingerprint(7)).isEqualTo(Simulation.fingerprint(7));
        assertThat(Simulation.fingerprint(7)).isNotEqualTo(Simulation.fingerprint(8));
    }
}
