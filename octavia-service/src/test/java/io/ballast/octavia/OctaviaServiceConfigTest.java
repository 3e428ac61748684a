package io.ballast.octavia;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ballast.octavia.kafka.OctaviaSettings;
import io.ballast.octavia.loadbalancer.MemberCosts;
import io.ballast.octavia.loadbalancer.MemberWeights;
import io.ballast.runtime.config.ConfigReader;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OctaviaServiceConfigTest {
    @Test
    void hasDefaultsForEverythingAndWaitsWithoutACloud() {
        // When
        var config = read("");

        // Then
        assertThat(config.cloud()).isEmpty();
        assertThat(config.settings())
                .isEqualTo(OctaviaSettings.DEFAULT.withPolicy(
                        OctaviaSettings.DEFAULT.policy().withoutCredentials()));
    }

    @Test
    void readsWhatIsGiven() {
        // When
        var settings = read("""
                        tags: [team-a]
                        resync-interval: 1m
                        member-weights: respect
                        member-costs:
                          vendor: {single-millis: 1, batch-millis: 2, batch-per-member-millis: 3}
                        """).settings();

        // Then
        assertThat(settings.resync()).isEqualTo(Duration.ofMinutes(1));
        assertThat(settings.policy().memberWeights()).isEqualTo(MemberWeights.RESPECT);
        assertThat(settings.policy().tags()).containsExactly("team-a");
        assertThat(settings.policy().costs())
                .containsEntry("vendor", new MemberCosts(1, 2, 3, 0))
                .containsEntry("ovn", MemberCosts.OVN);
    }

    @Test
    void namesEveryMistake() {
        assertThatThrownBy(() -> read("creates-in-flight: 20\ntags: ['a,b']\nresync-intervall: 1m"))
                .hasMessageContaining("writes-in-flight")
                .hasMessageContaining("'a,b'")
                .hasMessageContaining("resync-interval");
    }

    private static OctaviaServiceConfig read(String yaml) {
        return ConfigReader.of(yaml, Map.of()).whole(root -> OctaviaServiceConfig.from(root, Map.of(), 12));
    }
}
