package io.ballast.testbed.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A simulator that misses a planted defect proves nothing. */
class DefectBankTest {
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void findsEveryPlantedDefect(Defect defect) {
        var finder = Seeds.finding(defect)
                .filter(seed -> !Simulation.run(seed, defect).isEmpty())
                .findFirst();
        assertThat(finder).as(defect.name()).isPresent();
    }
}
