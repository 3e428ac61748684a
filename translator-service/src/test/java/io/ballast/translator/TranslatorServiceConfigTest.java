package io.ballast.translator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ballast.runtime.config.ConfigException;
import io.ballast.runtime.config.ConfigReader;
import io.ballast.runtime.http.HttpSettings;
import io.ballast.runtime.kafka.KafkaSettings;
import io.ballast.schemas.contract.CidrRange;
import io.ballast.translator.translation.ClusterSettings;
import io.ballast.translator.translation.MemberSubnets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TranslatorServiceConfigTest {
    @Test
    void tellsEveryMistakeAtOnce() {
        var yaml = """
                clusters:
                  Demo:
                    manage: some
                    provider: ovn
                    algorithm: ROUND_ROBIN
                    pod-ranges: [10.1.0.0/8]
                    member-subnets: layer2
                    timeouts: {client-data: 2d}
                    limits: {members: 0}
                    memberz: pods
                """;

        assertThatThrownBy(() -> read(yaml))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("clusters.Demo is no name of a cluster")
                .hasMessageContaining("manage is some")
                .hasMessageContaining("provider 'ovn' knows only [SOURCE_IP_PORT]")
                .hasMessageContaining("10.1.0.0/8")
                .hasMessageContaining("needs pod-subnets or node-subnets")
                .hasMessageContaining("at most 1d")
                .hasMessageContaining("1..15000")
                .hasMessageContaining("memberz");
    }

    @Test
    void aTranslatorWithoutClustersDoesNotStart() {
        assertThatThrownBy(() -> read("clusters: {}")).hasMessageContaining("names no cluster");
    }

    @Test
    void everyKeyMayBeLeftOut() {
        assertThat(read("clusters: {demo: {}}").clusters()).isEqualTo(Map.of("demo", ClusterSettings.DEFAULT));
    }

    @Test
    void readsLayer2() {
        var config = read("clusters: {demo: {member-subnets: layer2, pod-subnets: {ipv4: a, ipv6: b}}}");

        assertThat(config.clusters().values())
                .singleElement()
                .satisfies(settings -> assertThat(settings.memberSubnets())
                        .isInstanceOfSatisfying(
                                MemberSubnets.Layer2.class,
                                layer2 -> assertThat(layer2.pods().values()).containsExactlyInAnyOrder("a", "b")));
    }

    @Test
    void theExampleHoldsWhatItSaysAreTheDefaults() throws IOException {
        var yaml = Files.readString(Path.of("src/main/resources/translator-service.yaml"));

        var config = ConfigReader.of(yaml, Map.of()).whole(read -> {
            var _ = KafkaSettings.from(read);
            var _ = HttpSettings.from(read);
            return TranslatorServiceConfig.from(read);
        });

        var defaults = ClusterSettings.DEFAULT;
        assertThat(config.clusters())
                .containsExactly(Map.entry(
                        "demo",
                        new ClusterSettings(
                                defaults.manage(),
                                defaults.namespaces(),
                                defaults.members(),
                                defaults.memberSubnets(),
                                defaults.provider(),
                                defaults.algorithm(),
                                defaults.pools(),
                                defaults.timeouts(),
                                List.of(CidrRange.of("10.1.0.0/16")),
                                List.of(),
                                List.of(),
                                List.of(),
                                defaults.servesClassless(),
                                defaults.localTraffic(),
                                defaults.kubernetesApi(),
                                defaults.dualStack(),
                                defaults.membersMax(),
                                defaults.options())));
    }

    private static TranslatorServiceConfig read(String yaml) {
        return ConfigReader.of(yaml, Map.of()).whole(TranslatorServiceConfig::from);
    }
}
