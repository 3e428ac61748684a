package io.ballast.testbed.openstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The formulas against what was measured, in seconds. */
class TimingTest {
    private static final Percentage NEAR = Percentage.withPercentage(20);

    @ParameterizedTest
    @CsvSource({"AMPHORA,1,3,5.5", "AMPHORA,5,50,9.9", "OVN,0,0,0.8", "OVN,1,3,1.8", "OVN,5,50,18.2"})
    void createsTakeAboutAsLongAsMeasured(Provider provider, int listeners, int members, double settled) {
        var cost = Timing.measured().createLoadBalancer(provider, listeners, members);
        assertThat(seconds(cost.settled())).isCloseTo(settled, NEAR);
    }

    @ParameterizedTest
    @CsvSource({
        "AMPHORA,50,0.4,3.1",
        "AMPHORA,60,0.45,4.7",
        "AMPHORA,200,1.3,12.6",
        "OVN,50,15.7,15.7",
        "OVN,60,14.6,14.6",
        "OVN,200,55.9,55.9"
    })
    void batchesTakeAboutAsLongAsMeasured(Provider provider, int members, double reply, double settled) {
        var cost = Timing.measured().batchMembers(provider, members);
        assertThat(seconds(cost.reply())).isCloseTo(reply, NEAR);
        assertThat(seconds(cost.settled())).isCloseTo(settled, NEAR);
    }

    @ParameterizedTest
    @CsvSource({"AMPHORA,60,2.3", "OVN,60,0.6"})
    void singleMembersTakeAboutAsLongAsMeasured(Provider provider, int members, double settled) {
        assertThat(seconds(Timing.measured().writeMember(provider, members).settled()))
                .isCloseTo(settled, NEAR);
    }

    @ParameterizedTest
    @CsvSource({"AMPHORA,3,1.8", "AMPHORA,50,1.8", "OVN,3,0.5", "OVN,50,3.0"})
    void deletesTakeAboutAsLongAsMeasured(Provider provider, int members, double settled) {
        assertThat(seconds(
                        Timing.measured().deleteLoadBalancer(provider, members).settled()))
                .isCloseTo(settled, NEAR);
    }

    @Test
    void scales() {
        assertThat(Timing.measured().scaled(0.1).floatingIpWrite()).isEqualTo(Duration.ofMillis(40));
        assertThat(Timing.zero().passwordToken()).isZero();
        assertThatThrownBy(() -> new Timing(-1)).hasMessageContaining("-1.0 is not in 0..1000");
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
