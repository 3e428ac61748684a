package io.ballast.watcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ballast.runtime.config.ConfigReader;
import io.ballast.runtime.http.HttpSettings;
import io.ballast.runtime.kafka.KafkaSettings;
import io.ballast.watcher.snapshot.Manage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class WatcherServiceConfigTest {
    @Test
    void namesEveryMistakeAtOnce() {
        var yaml = """
                cluster: Not_A_Name
                compare-every: 1s
                manage: some
                kubernetes:
                  kubeconfig: /nowhere/kubeconfig
                finaliser: true
                """;

        assertThatThrownBy(() -> read(yaml))
                .hasMessageContaining("Not_A_Name")
                .hasMessageContaining("compare-every")
                .hasMessageContaining("load-balancers")
                .hasMessageContaining("/nowhere/kubeconfig")
                .hasMessageContaining("finalizers");
    }

    @Test
    void needsTheNameOfTheCluster() {
        assertThatThrownBy(() -> read("")).hasMessageContaining("cluster is missing");
    }

    @Test
    void readsTheExampleAsTheDefaults() throws IOException {
        try (var example = WatcherServiceConfigTest.class.getResourceAsStream("/watcher-service.yaml")) {
            var yaml = new String(Objects.requireNonNull(example).readAllBytes(), StandardCharsets.UTF_8);
            var config = ConfigReader.of(yaml, Map.of()).whole(read -> {
                KafkaSettings.from(read);
                HttpSettings.from(read);
                return WatcherServiceConfig.from(read);
            });

            assertThat(config).isEqualTo(read("cluster: demo"));
            assertThat(config.watcher().comparison()).isEqualTo(Duration.ofMinutes(10));
            assertThat(config.watcher().rules().manage()).isEqualTo(Manage.ALL);
        }
    }

    private static WatcherServiceConfig read(String yaml) {
        return ConfigReader.of(yaml, Map.of()).whole(WatcherServiceConfig::from);
    }
}
