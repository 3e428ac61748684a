package io.ballast.runtime.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.ballast.schemas.contract.Spelling;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What all sections of one configuration share: the environment, what was read, what is wrong. */
final class ConfigKeys {
    static final String ENVIRONMENT_PREFIX = "BALLAST_";

    /** Not keys: where the file is, how much is logged, and what the script {@code ballast} and images set for the JVM. */
    private static final Set<String> OTHER_VARIABLES = Set.of(
            "BALLAST_CONFIG",
            "BALLAST_LOG_LEVEL",
            "BALLAST_HOME",
            "BALLAST_JAVA_HOME",
            "BALLAST_JAVA_OPTS",
            "BALLAST_TRACE");

    /** Kubernetes announces Services of the namespace by such variables; one may be named ballast-something. */
    private static final Pattern SERVICE_LINK =
            Pattern.compile(".*_(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT(_[0-9]+_(TCP|UDP|SCTP)(_.*)?)?)");

    private final Map<String, String> environment;
    private final Set<String> known = new TreeSet<>();
    private final Set<String> opened = new TreeSet<>();
    private final Set<String> variables = new TreeSet<>();
    private final Map<String, String> effective = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();

    ConfigKeys(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    static String variable(String key) {
        return ENVIRONMENT_PREFIX + key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    /** Notes that the key is one of ours; the text the environment has for it, or the fallback. */
    String know(String key, String fallback) {
        known.add(key);
        variables.add(variable(key));
        return environment.getOrDefault(variable(key), fallback);
    }

    boolean inEnvironment(String key) {
        return environment.containsKey(variable(key));
    }

    /** Notes that all names below the key are allowed. */
    void open(String key) {
        opened.add(key);
    }

    void show(String key, String value) {
        effective.put(key, value);
    }

    Map<String, String> effective() {
        return Map.copyOf(effective);
    }

    Set<String> asked() {
        var asked = new TreeSet<>(known);
        asked.addAll(opened);
        return asked;
    }

    void problem(String text) {
        if (!problems.contains(text)) {
            problems.add(text);
        }
    }

    boolean hasProblems() {
        return !problems.isEmpty();
    }

    void throwProblems() {
        if (hasProblems()) {
            throw new ConfigException(problems);
        }
    }

    /** Reports what stands in the tree and was never asked for. */
    void rejectUnread(JsonNode tree, String prefix) {
        for (var entry : tree.properties()) {
            var key = prefix + entry.getKey();
            if (known.contains(key) || opened.contains(key)) {
                continue;
            }
            if (isSection(key)) {
                rejectUnread(entry.getValue(), key + ".");
            } else {
                problem("unknown key %s%s".formatted(key, hint(key, prefix)));
            }
        }
    }

    /** Reports variables with our prefix that were never asked for. */
    void rejectUnreadVariables() {
        environment.keySet().stream()
                .sorted()
                .filter(name -> name.startsWith(ENVIRONMENT_PREFIX))
                .filter(name -> !variables.contains(name) && !OTHER_VARIABLES.contains(name))
                .filter(name -> !SERVICE_LINK.matcher(name).matches())
                .forEach(name -> problem("unknown environment variable %s%s"
                        .formatted(
                                name,
                                Spelling.nearest(name, variables)
                                        .map(", did you mean %s?"::formatted)
                                        .orElse(""))));
    }

    private boolean isSection(String key) {
        return known.stream().anyMatch(each -> each.startsWith(key + "."))
                || opened.stream().anyMatch(each -> each.startsWith(key + "."));
    }

    private String hint(String key, String prefix) {
        var siblings = new TreeSet<String>();
        known.stream()
                .filter(each -> each.startsWith(prefix))
                .map(each -> prefix + each.substring(prefix.length()).split("\\.", 2)[0])
                .forEach(siblings::add);
        return Spelling.nearest(key.substring(prefix.length()), withoutPrefix(siblings, prefix))
                .map(prefix::concat)
                .or(() -> Spelling.nearest(key, known))
                .map(", did you mean %s?"::formatted)
                .orElse("");
    }

    private static List<String> withoutPrefix(Set<String> keys, String prefix) {
        return keys.stream().map(each -> each.substring(prefix.length())).toList();
    }
}
