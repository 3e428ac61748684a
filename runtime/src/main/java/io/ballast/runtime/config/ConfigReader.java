package io.ballast.runtime.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Reads a YAML file overlaid with the environment: key {@code kafka.topic-prefix} is also the variable
 * {@code BALLAST_KAFKA_TOPIC_PREFIX}. Mistakes are collected: a method that finds one notes it and answers something
 * harmless, and {@link #rejectUnread} throws them all. Keys are relative to the section. Not safe for several threads.
 */
public final class ConfigReader {
    private final ConfigKeys keys;
    private final JsonNode node;
    private final String prefix;

    private ConfigReader(ConfigKeys keys, JsonNode node, String prefix) {
        this.keys = keys;
        this.node = node;
        this.prefix = prefix;
    }

    /** Throws {@link ConfigException} when the file cannot be read or is no YAML mapping. */
    public static ConfigReader of(Path file, Map<String, String> environment) {
        return new ConfigReader(new ConfigKeys(environment), YamlFile.read(file), "");
    }

    /** The same from a text; the empty text leaves everything to the environment. */
    public static ConfigReader of(String yaml, Map<String, String> environment) {
        return new ConfigReader(new ConfigKeys(environment), YamlFile.parse(yaml, "the configuration"), "");
    }

    /** Reads a whole configuration: every mistake, also one its records find, is in the {@link ConfigException}. */
    public <T> T whole(Function<ConfigReader, T> from) {
        Optional<T> config = Optional.empty();
        try {
            config = Optional.of(from.apply(this));
        } catch (IllegalArgumentException e) {
            if (!keys.hasProblems()) { // a placeholder of an earlier mistake may have caused it
                keys.problem(String.valueOf(e.getMessage()));
            }
        }
        rejectUnread();
        return config.orElseThrow();
    }

    /** Throws every mistake so far, and every key of the file and the environment that nobody asked for. */
    public void rejectUnread() {
        keys.rejectUnread(node, prefix);
        if (prefix.isEmpty()) {
            keys.rejectUnreadVariables();
        }
        keys.throwProblems();
    }

    /** Notes a mistake that only the caller can see, such as two keys that contradict each other. */
    public void fail(String key, String what) {
        keys.problem("%s %s".formatted(prefix + key, what));
    }

    /** Whether the key, or a section of this name, is given. */
    public boolean has(String key) {
        return !find(key).isMissingNode() || keys.inEnvironment(prefix + key);
    }

    /** A text that is not blank. */
    public String text(String key) {
        return required(key, optionalText(key), "");
    }

    public String text(String key, String fallback) {
        return orFallback(key, optionalText(key), fallback, fallback);
    }

    public Optional<String> optionalText(String key) {
        return given(key).flatMap(given -> {
            if (given.kind() == Given.Kind.BARE) {
                keys.problem("%s is %s, which YAML does not read as text: put it in quotes"
                        .formatted(prefix + key, given.text()));
                return Optional.empty();
            }
            if (given.text().isBlank()) {
                keys.problem("%s is empty".formatted(prefix + key));
                return Optional.empty();
            }
            keys.show(prefix + key, given.text());
            return Optional.of(given.text());
        });
    }

    /** A whole number between two limits, both allowed. */
    public int integer(String key, int min, int max) {
        return required(key, optionalInteger(key, min, max), min);
    }

    public int integer(String key, int min, int max, int fallback) {
        return orFallback(key, optionalInteger(key, min, max), fallback, Integer.toString(fallback));
    }

    public boolean flag(String key, boolean fallback) {
        var parsed = parse(key, "true or false", text -> switch (text) {
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> Optional.empty();
        });
        return orFallback(key, parsed, fallback, Boolean.toString(fallback));
    }

    /** "250ms", "30s", "5m", "2h" or "7d"; a number without a unit is a mistake. */
    public Duration duration(String key) {
        return required(key, optionalDuration(key), Duration.ZERO);
    }

    public Duration duration(String key, Duration fallback) {
        return orFallback(key, optionalDuration(key), fallback, Units.text(fallback));
    }

    /** Bytes: "512B", "64KiB", "16MiB" or "1GiB"; a number without a unit is a mistake. */
    public long size(String key, long fallback) {
        return orFallback(
                key, parse(key, "a size with a unit such as 64KiB or 16MiB", Units::bytes), fallback, fallback + "B");
    }

    /** A constant of an enum, written in small letters with dashes. */
    public <E extends Enum<E>> E choice(String key, Class<E> type) {
        return required(key, optionalChoice(key, type), type.getEnumConstants()[0]);
    }

    public <E extends Enum<E>> E choice(String key, Class<E> type, E fallback) {
        return orFallback(key, optionalChoice(key, type), fallback, kebab(fallback));
    }

    public <E extends Enum<E>> Optional<E> optionalChoice(String key, Class<E> type) {
        var names =
                Arrays.stream(type.getEnumConstants()).map(ConfigReader::kebab).collect(Collectors.joining(", "));
        return parse(
                key,
                "one of " + names,
                text -> Arrays.stream(type.getEnumConstants())
                        .filter(each -> kebab(each).equals(text))
                        .findFirst());
    }

    /** Texts: a YAML list, or one text with commas; in this order, not blank. Absent is the fallback. */
    public List<String> list(String key, List<String> fallback) {
        var at = prefix + key;
        var found = find(key);
        if (!found.isArray() || keys.inEnvironment(at)) {
            var texts = optionalText(key).map(text -> List.of(text.strip().split("\\s*,\\s*", -1)));
            return orFallback(key, texts, fallback, String.join(",", fallback));
        }
        keys.know(at, "");
        var texts = new ArrayList<String>();
        for (var item : found) {
            if (item.isTextual() && !item.textValue().isBlank()) {
                texts.add(item.textValue());
            } else {
                keys.problem("%s holds %s, which is no text: put it in quotes".formatted(at, item));
            }
        }
        keys.show(at, String.join(",", texts));
        return List.copyOf(texts);
    }

    /** The text in the file that the key names, without the white space around it. */
    public Secret secretFile(String key) {
        return required(key, optionalSecretFile(key), new Secret(""));
    }

    public Optional<Secret> optionalSecretFile(String key) {
        return optionalText(key).flatMap(file -> {
            try {
                return Optional.of(new Secret(Files.readString(Path.of(file)).strip()));
            } catch (IOException e) {
                keys.problem("%s names the file %s, which cannot be read: %s".formatted(prefix + key, file, e));
                return Optional.empty();
            }
        });
    }

    /** The keys below this one; an empty section when there are none. */
    public ConfigReader section(String name) {
        var found = find(name);
        if (!found.isMissingNode() && !found.isObject() && !found.isNull()) {
            keys.problem("%s must be a section with keys of its own".formatted(prefix + name));
        }
        return new ConfigReader(keys, found.isObject() ? found : MissingNode.getInstance(), prefix + name + ".");
    }

    /**
     * Sections that have names of the user's choice, in the order of the file. The environment can overlay keys of those
     * the file names; it cannot add one.
     */
    public Map<String, ConfigReader> sections(String name) {
        var all = section(name);
        var byName = new LinkedHashMap<String, ConfigReader>();
        all.node.properties().forEach(entry -> byName.put(entry.getKey(), all.section(entry.getKey())));
        if (byName.values().stream().allMatch(each -> each.node.isEmpty())) {
            keys.open(prefix + name);
        }
        return byName;
    }

    /** Texts whose names we do not know, sorted; nested names are joined by dots. Values of secret-looking names are masked. */
    public Map<String, String> texts(String name) {
        keys.open(prefix + name);
        var texts = new TreeMap<String, String>();
        flatten(section(name).node, "", texts);
        texts.replaceAll((key, value) -> keys.know(prefix + name + "." + key, value));
        texts.forEach(
                (key, value) -> keys.show(prefix + name + "." + key, Masking.isSecret(key) ? Secret.MASK : value));
        return texts;
    }

    /** Every key that was asked for, given or not, sorted. Below the name of open texts all keys are allowed. */
    public Set<String> asked() {
        return keys.asked();
    }

    /** What is in force, defaults and all, sorted by key; secrets are masked. */
    public Map<String, String> effective() {
        return new TreeMap<>(keys.effective());
    }

    private static void flatten(JsonNode node, String prefix, Map<String, String> into) {
        node.properties().forEach(entry -> {
            if (entry.getValue().isObject()) {
                flatten(entry.getValue(), prefix + entry.getKey() + ".", into);
            } else {
                into.put(prefix + entry.getKey(), entry.getValue().asText());
            }
        });
    }

    private Optional<Integer> optionalInteger(String key, int min, int max) {
        return parse(key, "a whole number in %d..%d".formatted(min, max), text -> {
            try {
                return Optional.of(Integer.parseInt(text)).filter(number -> number >= min && number <= max);
            } catch (NumberFormatException _) {
                return Optional.empty();
            }
        });
    }

    private Optional<Duration> optionalDuration(String key) {
        return parse(key, "a duration with a unit such as 250ms, 30s, 5m or 2h", Units::duration);
    }

    private static String kebab(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private <T> Optional<T> parse(String key, String expected, Function<String, Optional<T>> parser) {
        return given(key).flatMap(given -> {
            var parsed = parser.apply(given.text().strip());
            if (parsed.isEmpty()) {
                keys.problem("%s is %s, but must be %s".formatted(prefix + key, given.text(), expected));
            } else {
                keys.show(prefix + key, given.text().strip());
            }
            return parsed;
        });
    }

    private <T> T required(String key, Optional<T> value, T placeholder) {
        if (value.isEmpty() && !has(key)) {
            keys.problem("%s is missing (or %s in the environment)"
                    .formatted(prefix + key, ConfigKeys.variable(prefix + key)));
        }
        return value.orElse(placeholder);
    }

    private <T> T orFallback(String key, Optional<T> value, T fallback, String shown) {
        if (value.isEmpty()) {
            keys.show(prefix + key, shown);
        }
        return value.orElse(fallback);
    }

    private Optional<Given> given(String key) {
        var at = prefix + key;
        keys.know(at, "");
        if (keys.inEnvironment(at)) {
            return Optional.of(new Given(keys.know(at, ""), Given.Kind.TEXT));
        }
        var found = find(key);
        if (found.isMissingNode()) {
            return Optional.empty();
        }
        if (found.isContainerNode() || found.isNull()) {
            keys.problem(found.isNull() ? at + " has no value" : at + " must be a single value");
            return Optional.empty();
        }
        return Optional.of(new Given(found.asText(), found.isTextual() ? Given.Kind.TEXT : Given.Kind.BARE));
    }

    private JsonNode find(String key) {
        var found = node;
        for (var part : key.split("\\.", -1)) {
            found = found.path(part);
        }
        return found;
    }

    /** A value as it was given. */
    private record Given(String text, Kind kind) {
        enum Kind {
            TEXT,
            BARE
        }
    }
}
