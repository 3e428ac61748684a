package io.ballast.translator;

import io.ballast.runtime.config.ConfigReader;
import io.ballast.translator.translation.ClusterSettings;
import java.util.Map;

/** Settings of one cluster. */
public final class TestClusters {
    private TestClusters() {}

    public static Map<String, ClusterSettings> pods(String name) {
        return read("clusters: {%s: {members: pods}}".formatted(name));
    }

    public static Map<String, ClusterSettings> nodes(String name) {
        return read("clusters: {%s: {members: nodes}}".formatted(name));
    }

    private static Map<String, ClusterSettings> read(String yaml) {
        return ConfigReader.of(yaml, Map.of())
                .whole(TranslatorServiceConfig::from)
                .clusters();
    }
}
