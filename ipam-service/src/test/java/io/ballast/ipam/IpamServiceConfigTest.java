package io.ballast.ipam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ballast.ipam.allocation.Rules;
import io.ballast.runtime.config.ConfigReader;
import io.ballast.runtime.http.HttpSettings;
import io.ballast.runtime.kafka.KafkaSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class IpamServiceConfigTest {
    private static IpamServiceConfig read(String yaml) {
        return ConfigReader.of(yaml, Map.of()).whole(read -> IpamServiceConfig.from(read, Map.of()));
    }

    @Test
    void hasDefaultsForAllButClusters() {
        // When
        var config = read("clusters: {demo: {ipv4: {subnet: services, ranges: [10.2.0.0/17]}}}");
        // Then
        assertThat(config.cloud()).isEmpty();
        assertThat(config.readEvery()).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.checkEvery()).isEqualTo(Duration.ofMinutes(10));
        assertThat(config.publishEvery()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.rules().failovers()).isEqualTo(1);
        assertThat(config.rules().anyProject()).isFalse();
        assertThat(config.rules().externals()).isEmpty();
        assertThat(config.rules().vipPools()).singleElement().satisfies(pool -> {
            assertThat(pool.name()).isEqualTo("demo/vip/ipv4");
            assertThat(pool.ranges()).hasToString("[10.2.0.0-10.2.127.255]");
        });
    }

    @Test
    void theExampleNamesOnlyKeysThatExist() throws IOException {
        // Given
        try (var stream = IpamServiceConfig.class.getResourceAsStream("/ipam-service.yaml")) {
            var yaml = new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8);
            var withoutCloud = yaml.replace("  cloud: k8s # example; otherwise OS_CLOUD\n", "");
            // When
            var config = ConfigReader.of(withoutCloud, Map.of()).whole(read -> {
                KafkaSettings.from(read);
                HttpSettings.from(read);
                return IpamServiceConfig.from(read, Map.of());
            });
            // Then
            assertThat(config.rules().externals()).hasSize(1);
        }
    }

    @Test
    void namesEveryMistakeAtOnce() {
        assertThatThrownBy(() -> read("""
                        clusters: {demo: {topology: triple, ipv4: {subnet: services, ranges: ["10.2.0.1/17"]}}}
                        external-pools:
                          a: {clusters: [other], network: public}
                          b: {}
                        nutron-read-interval: 1m
                        """))
                .hasMessageContaining("clusters.demo.topology is triple")
                .hasMessageContaining("10.2.0.1/17")
                .hasMessageContaining("'other', which is no cluster here")
                .hasMessageContaining("external pool 'b' needs either")
                .hasMessageContaining("neutron-read-interval");
    }

    @Test
    void readsFurtherRangesByName() {
        // When
        var config = read("""
                clusters:
                  demo:
                    ipv4: {subnet: services, ranges: [10.2.0.0/17]}
                    more-vips: {dmz: {subnet: k8s-dmz-subnet, ranges: [10.3.0.0/20]}}
                """);
        // Then
        assertThat(config.rules().vipPools())
                .extracting(Rules.VipPool::name)
                .containsExactly("demo/vip/dmz", "demo/vip/ipv4");
    }

    @Test
    void keepsTheNetworkAndBroadcastAddressOutUnlessToldOtherwise() {
        // When
        var config = read("""
                clusters: {demo: {ipv4: {subnet: services, ranges: [10.2.0.0/17]}}}
                external-pools:
                  usual: {ranges: [198.51.100.0/29], exclude: [198.51.100.3]}
                  all: {ranges: [203.0.113.0/29], network-and-broadcast: true}
                  written: {ranges: [192.0.2.0-192.0.2.7]}
                """);
        // Then
        assertThat(config.rules().externals())
                .extracting(pool -> pool.ranges().toString())
                .containsExactly(
                        "[198.51.100.1-198.51.100.2, 198.51.100.4-198.51.100.6]",
                        "[203.0.113.0-203.0.113.7]",
                        "[192.0.2.0-192.0.2.7]");
    }

    @Test
    void readsSeveralSubnetsOfAFloatingNetworkInOrder() {
        // When
        var config = read("""
                clusters: {demo: {ipv4: {subnet: services, ranges: [10.2.0.0/17]}}}
                external-pools:
                  both: {network: public, subnet: first, subnets: [second, third]}
                  implied: {subnets: [fourth, fifth]}
                """);
        // Then
        assertThat(config.rules().externals())
                .extracting(Rules.ExternalPool::subnets)
                .containsExactly(List.of("first", "second", "third"), List.of("fourth", "fifth"));
        assertThat(config.rules().externals().getLast().network()).isNull();
    }

    @Test
    void readsWhereLoadBalancersReachPodsFromAndWhoseFloatingIpsMayBeNamed() {
        // When
        var config = read("""
                clusters:
                  demo: {member-subnets: layer2, ipv4: {subnet: services, ranges: [10.2.0.0/17]}}
                floating-ips-of-any-project: true
                """);
        // Then
        assertThat(config.rules().clusters().get("demo"))
                .satisfies(cluster -> assertThat(
                                Objects.requireNonNull(cluster).pods().isLayer2())
                        .isTrue());
        assertThat(config.rules().anyProject()).isTrue();
    }

    @Test
    void refusesPoolsThatOverlapWithBothNames() {
        assertThatThrownBy(() -> read("""
                        clusters: {demo: {ipv4: {subnet: services, ranges: [10.2.0.0/17]}}}
                        external-pools:
                          a: {ranges: [198.51.100.0/28]}
                          b: {ranges: [198.51.100.8-198.51.100.20]}
                        """)).hasMessageContaining("'b'").hasMessageContaining("'a'");
    }
}
