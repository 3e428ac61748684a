package io.ballast.runtime.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A YAML file as a tree; a key that is given twice is a mistake. */
final class YamlFile {
    private static final ObjectMapper MAPPER = YAMLMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private YamlFile() {}

    static ObjectNode read(Path file) {
        try {
            return parse(Files.readString(file), file.toString());
        } catch (IOException e) {
            throw new ConfigException("configuration file %s cannot be read: %s".formatted(file, e));
        }
    }

    /** The mapping in the text; an empty text is an empty mapping. */
    static ObjectNode parse(String yaml, String where) {
        try {
            var tree = MAPPER.readTree(yaml);
            if (tree == null || tree.isMissingNode() || tree.isNull()) {
                return MAPPER.createObjectNode();
            }
            if (tree instanceof ObjectNode mapping) {
                return mapping;
            }
            throw new ConfigException("%s holds no mapping of keys to values".formatted(where));
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            throw new ConfigException("%s is no YAML, line %d: %s"
                    .formatted(where, at == null ? 0 : at.getLineNr(), firstLine(e.getOriginalMessage())));
        }
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }
}
