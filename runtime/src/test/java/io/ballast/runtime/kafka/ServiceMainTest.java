package io.ballast.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.ballast.runtime.config.ConfigReader;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServiceMainTest {
    private static final Map<String, String> KAFKA = Map.of("BALLAST_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1");

    @Test
    void endsWithTwoForArgumentsItDoesNotKnow() {
        assertThat(run(KAFKA, "--confg", "a.yaml")).isEqualTo(2);
    }

    @Test
    void endsWithTwoForAFileThatIsNotThere() {
        assertThat(run(KAFKA, "--config", "/nowhere/a.yaml")).isEqualTo(2);
        assertThat(run(Map.of("BALLAST_CONFIG", "/nowhere/a.yaml"))).isEqualTo(2);
    }

    @Test
    void endsWithTwoForAMissingKey() {
        assertThat(run(Map.of())).isEqualTo(2);
    }

    @Test
    void endsWithTwoWhenTheServiceRefusesItsConfiguration() {
        assertThat(run(KAFKA)).isEqualTo(2);
    }

    private static int run(Map<String, String> environment, String... args) {
        return ServiceMain.run(args, environment, ServiceMainTest::none, ServiceMainTest::refuse);
    }

    private static String none(ConfigReader read, KafkaSettings kafka) {
        return "none";
    }

    private static ServiceParts<String, String> refuse(String own, KafkaSettings kafka) {
        throw new IllegalArgumentException("clouds.yaml is not there");
    }
}
