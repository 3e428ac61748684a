package io.ballast.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.ballast.runtime.kafka.KafkaSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigReaderTest {
    private static final Map<String, String> NOTHING = Map.of();

    enum Manage {
        ALL,
        LOAD_BALANCERS
    }

    @Test
    void readsEveryKindOfValue() {
        // Given
        var read = ConfigReader.of("""
                name: one
                count: 7
                on: true
                wait: 250ms
                limit: 64KiB
                manage: load-balancers
                cidrs: [10.0.0.0/8, 192.0.2.0/24]
                nested:
                  deep: text
                """, NOTHING);

        // When
        var values = List.of(
                read.text("name"),
                read.integer("count", 1, 10),
                read.flag("on", false),
                read.duration("wait"),
                read.size("limit", 1),
                read.choice("manage", Manage.class),
                read.list("cidrs", List.of()),
                read.section("nested").text("deep"));
        read.rejectUnread();

        // Then
        assertThat(values)
                .containsExactly(
                        "one",
                        7,
                        true,
                        Duration.ofMillis(250),
                        65_536L,
                        Manage.LOAD_BALANCERS,
                        List.of("10.0.0.0/8", "192.0.2.0/24"),
                        "text");
    }

    @Test
    void letsTheEnvironmentWin() {
        // Given
        var read = ConfigReader.of(
                "kafka: {topic-prefix: file.}",
                Map.of("BALLAST_KAFKA_TOPIC_PREFIX", "env.", "BALLAST_CIDRS", "a, b", "HOME", "/"));

        // When
        var prefix = read.text("kafka.topic-prefix");
        var list = read.list("cidrs", List.of());
        read.rejectUnread();

        // Then
        assertThat(prefix).isEqualTo("env.");
        assertThat(list).containsExactly("a", "b");
    }

    @Test
    void reportsAllMistakesAtOnceAndNamesTheNearestKey() {
        // Given
        var read =
                ConfigReader.of("""
                resync: 30
                count: 11
                manage: some
                version: 1.10
                kafka: {topic-prefx: x}
                """, Map.of("BALLAST_RESINK", "1s", "BALLAST_HTTP_PORT_80_TCP", "tcp://10.0.0.1:80"));

        // When
        var thrown = catchThrowableOfType(ConfigException.class, () -> {
            read.duration("resync", Duration.ofSeconds(1));
            read.integer("count", 1, 10);
            read.choice("manage", Manage.class);
            read.text("version");
            read.text("kafka.topic-prefix", "ballast.");
            read.text("kafka.bootstrap-servers");
            read.rejectUnread();
        });

        // Then
        assertThat(thrown.problems())
                .containsExactly(
                        "resync is 30, but must be a duration with a unit such as 250ms, 30s, 5m or 2h",
                        "count is 11, but must be a whole number in 1..10",
                        "manage is some, but must be one of all, load-balancers",
                        "version is 1.1, which YAML does not read as text: put it in quotes",
                        "kafka.bootstrap-servers is missing (or BALLAST_KAFKA_BOOTSTRAP_SERVERS in the environment)",
                        "unknown key kafka.topic-prefx, did you mean kafka.topic-prefix?",
                        "unknown environment variable BALLAST_RESINK, did you mean BALLAST_RESYNC?");
    }

    @Test
    void namesAMistypedSection() {
        // Given
        var read = ConfigReader.of("kafak: {bootstrap-servers: a}", NOTHING);
        read.section("kafka").text("bootstrap-servers", "b");

        // When // Then
        assertThatThrownBy(read::rejectUnread).hasMessage("unknown key kafak, did you mean kafka?");
    }

    @Test
    void readsNamedSections() {
        // Given
        var read = ConfigReader.of("clusters: {prod: {manage: all}, dev: {mange: all}}", NOTHING);
        var clusters = read.sections("clusters");
        clusters.values().forEach(each -> each.choice("manage", Manage.class, Manage.ALL));

        // When // Then
        assertThat(clusters.keySet()).containsExactly("prod", "dev");
        assertThatThrownBy(read::rejectUnread)
                .hasMessage("unknown key clusters.dev.mange, did you mean clusters.dev.manage?");
    }

    @Test
    void masksSecretsInWhatIsInForce(@TempDir Path folder) throws IOException {
        // Given
        var secret = Files.writeString(folder.resolve("password"), "geheim\n");
        var read = ConfigReader.of("""
                password-file: %s
                kafka:
                  bootstrap-servers: localhost:9092
                  properties:
                    security.protocol: SASL_SSL
                    sasl.jaas.config: geheim
                """.formatted(secret), NOTHING);

        // When
        var password = read.secretFile("password-file");
        var kafka = KafkaSettings.from(read);
        read.rejectUnread();

        // Then
        assertThat(password.reveal()).isEqualTo("geheim");
        assertThat(kafka.properties()).containsEntry("sasl.jaas.config", "geheim");
        assertThat(read.effective().toString() + password + kafka).doesNotContain("geheim");
        assertThat(read.effective())
                .containsEntry("kafka.properties.security.protocol", "SASL_SSL")
                .containsEntry("kafka.topic-prefix", "ballast.");
    }

    @Test
    void reportsWhatARecordRefuses() {
        // Given
        var read = ConfigReader.of("kafka: {bootstrap-servers: a, topic-prefix: 'a b'}", NOTHING);

        // When // Then
        assertThatThrownBy(() -> read.whole(KafkaSettings::from))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("kafka.topic-prefix a b");
    }

    @Test
    void refusesWhatIsNoMapping() {
        assertThatThrownBy(() -> ConfigReader.of("- a", NOTHING)).hasMessageContaining("holds no mapping");
        assertThatThrownBy(() -> ConfigReader.of("a: 1\na: 2", NOTHING)).hasMessageContaining("is no YAML, line 2");
        assertThatThrownBy(() -> ConfigReader.of(Path.of("/nowhere.yaml"), NOTHING))
                .hasMessageContaining("/nowhere.yaml cannot be read");
    }
}
