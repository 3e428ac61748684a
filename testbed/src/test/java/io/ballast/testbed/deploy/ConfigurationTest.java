package io.ballast.testbed.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.ballast.ipam.IpamServiceConfig;
import io.ballast.octavia.OctaviaServiceConfig;
import io.ballast.runtime.config.ConfigReader;
import io.ballast.runtime.http.HttpSettings;
import io.ballast.runtime.kafka.KafkaSettings;
import io.ballast.translator.TranslatorServiceConfig;
import io.ballast.watcher.WatcherServiceConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The services accept every configuration file in deploy/, with the Secrets and variables that the pods have. */
class ConfigurationTest {
    private static final String CLOUDS = """
            clouds:
              ballast:
                auth:
                  auth_url: https://keystone.example.org:5000/v3
                  application_credential_id: id
                  application_credential_secret: secret
                auth_type: v3applicationcredential
            """;

    @TempDir
    Path secrets = Path.of("");

    static List<Path> files() throws IOException {
        try (var files = Files.walk(Rendered.ROOT.resolve("deploy"))) {
            return files.filter(file -> file.toString().matches(".*/config/[a-z]+\\.yaml"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void isAccepted(Path file) throws IOException {
        var environment = environment(file);
        var read = ConfigReader.of(file, environment);

        assertThatCode(() -> read.whole(root -> {
                    var kafka = KafkaSettings.from(root);
                    HttpSettings.from(root);
                    return switch (file.getFileName().toString()) {
                        case "watcher.yaml" -> WatcherServiceConfig.from(root);
                        case "translator.yaml" -> TranslatorServiceConfig.from(root);
                        case "ipam.yaml" -> IpamServiceConfig.from(root, environment);
                        case "octavia.yaml" -> OctaviaServiceConfig.from(root, environment, kafka.keyedPartitions());
                        default -> throw new AssertionError(file + " belongs to no service");
                    };
                }))
                .doesNotThrowAnyException();
        assertThat(read.effective()).containsKey("kafka.bootstrap-servers");
    }

    private Map<String, String> environment(Path file) throws IOException {
        var environment = new HashMap<String, String>();
        environment.put("BALLAST_KAFKA_BOOTSTRAP_SERVERS", "kafka.example.org:9094");
        environment.put("BALLAST_HTTP_HOST", "192.0.2.7");
        environment.put("BALLAST_KAFKA_PROPERTIES_FILE", written("client.properties", "security.protocol=SASL_SSL\n"));
        if (Files.readString(file).contains("clouds-file")) {
            environment.put("BALLAST_OPENSTACK_CLOUDS_FILE", written("clouds.yaml", CLOUDS));
        }
        return environment;
    }

    private String written(String name, String text) throws IOException {
        return Files.writeString(secrets.resolve(name), text).toString();
    }
}
