package io.ballast.translator;

import io.ballast.runtime.config.ConfigReader;
import io.ballast.translator.translation.ClusterSettings;
import java.util.Map;
import java.util.Objects;

/** Settings of one cluster. */
public final class TestClusters {
    private TestClusters() {}

    public static Map<String, ClusterSettings> pods(String name) {
        return read("clusters: {%s: {members: pods}}".formatted(name));
    }

    public static Map<String, ClusterSettings> nodes(String name) {
        return read("clusters: {%s: {members: nodes}}".formatted(name));
    }

    /** Of one cluster, by what stands below its name. */
    public static ClusterSettings settings(String yaml) {
        return Objects.requireNonNull(
                read("clusters: {demo: %s}".formatted(yaml)).get("demo"));
    }

    private static Map<String, ClusterSettings> read(String yaml) {
        return ConfigReader.of(yaml, Map.of())
                .whole(TranslatorServiceConfig::from)
                .clusters();
    }
}
