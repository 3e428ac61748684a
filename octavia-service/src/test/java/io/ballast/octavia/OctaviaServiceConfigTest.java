package io.ballast.octavia;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ballast.octavia.kafka.OctaviaSettings;
import io.ballast.octavia.loadbalancer.MemberCosts;
import io.ballast.octavia.loadbalancer.MemberWeights;
import io.ballast.octavia.loadbalancer.PodAccess;
import io.ballast.runtime.config.ConfigReader;
import java.time.Duration;
import java.util.List;
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
    void readsWhatSecurityGroupsHaveToAdmitByLayer() {
        // When
        var found = read("""
                        clusters:
                          demo:
                            pod-security-groups: [pods]
                            service-subnets: [services]
                            pod-subnets: [pods-v4, pods-v6]
                            more-client-ranges: [0.0.0.0/0]
                          other:
                            pod-security-groups: [pods]
                            member-subnets: layer2
                            service-subnets: [services]
                            pod-subnets: [pods-v4, pods-v6]
                            enforce-security-groups: false
                        """).podAccess();

        // Then
        assertThat(found)
                .containsExactly(
                        new PodAccess("demo", List.of("pods"), List.of("services", "0.0.0.0/0"), true),
                        new PodAccess("other", List.of("pods"), List.of("pods-v4", "pods-v6"), false));
    }

    @Test
    void namesGroupsThatNothingSaysWhatToAdmit() {
        assertThatThrownBy(() -> read("""
                        clusters:
                          demo: {pod-security-groups: [pods], pod-subnets: [a], more-client-ranges: [10.0.0.1/8]}
                        """))
                .hasMessageContaining("clusters.demo.service-subnets is empty")
                .hasMessageContaining("'10.0.0.1/8'");
    }

    @Test
    void waitsAfterATakeOverForAsLongAsAWriteMayTake() {
        assertThat(read("").settings().longestCall()).isEqualTo(Duration.ofMinutes(8));
        assertThat(read("openstack: {read-timeout: 10m}").settings().longestCall())
                .isEqualTo(Duration.ofMinutes(13));
        assertThatThrownBy(() -> read("longest-call: 5m"))
                .hasMessageContaining("longest-call is 300 s, less than the 480 s");
    }

    @Test
    void namesEveryMistake() {
        assertThatThrownBy(() ->
                        read("creates-in-flight: 20\ntags: ['a,b']\nresync-intervall: 1m\nrecreations-per-hour: 11"))
                .hasMessageContaining("recreations-per-hour")
                .hasMessageContaining("writes-in-flight")
                .hasMessageContaining("'a,b'")
                .hasMessageContaining("resync-interval");
    }

    private static OctaviaServiceConfig read(String yaml) {
        return ConfigReader.of(yaml, Map.of()).whole(root -> OctaviaServiceConfig.from(root, Map.of(), 12));
    }
}
