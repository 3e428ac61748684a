package io.ballast.schemas.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which objects are meant, by their labels: all requirements must hold, none selects everything. Its text is the one that
 * {@code kubectl --selector} takes: {@code team=a, env in (prod, stage), zone notin (b), public, !legacy}. Source:
 * Kubernetes, labels and selectors.
 */
public final class LabelSelector {
    /** Selects everything. */
    public static final LabelSelector ALL = new LabelSelector(List.of());

    private static final String KEY =
            "(?:[A-Za-z0-9](?:[-A-Za-z0-9.]{0,251}[A-Za-z0-9])?/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?";
    private static final String VALUE = "(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?";
    private static final Pattern REQUIREMENT = Pattern.compile(
            "\\s*(?:(?<absent>!)\\s*(?<absentKey>%1$s)|(?<setKey>%1$s)\\s+(?<in>in|notin)\\s*\\((?<values>[^()]*)\\)|(?<key>%1$s)\\s*(?:(?<equals>==?|!=)\\s*(?<value>%2$s))?)\\s*"
                    .formatted(KEY, VALUE));

    private enum Operator {
        IN,
        NOT_IN,
        EXISTS,
        DOES_NOT_EXIST
    }

    private record Requirement(String key, Operator operator, Set<String> values) {
        boolean holds(@Nullable String value) {
            return switch (operator) {
                case IN -> value != null && values.contains(value);
                case NOT_IN -> value == null || !values.contains(value);
                case EXISTS -> value != null;
                case DOES_NOT_EXIST -> value == null;
            };
        }
    }

    private final List<Requirement> requirements;

    private LabelSelector(List<Requirement> requirements) {
        this.requirements = List.copyOf(requirements);
    }

    /**
     * The selector that a text says; blank for {@link #ALL}. Throws {@link IllegalArgumentException} that names what cannot
     * be read.
     */
    public static LabelSelector parse(String text) {
        if (text.isBlank()) {
            return ALL;
        }
        var matcher = REQUIREMENT.matcher(text);
        var requirements = new ArrayList<Requirement>();
        for (int at = 0; at <= text.length(); at = matcher.end() + 1) {
            boolean found = matcher.region(at, text.length()).lookingAt();
            if (!found || (matcher.end() < text.length() && text.charAt(matcher.end()) != ',')) {
                throw new IllegalArgumentException(
                        "'%s' is no label selector such as 'team=a, env in (prod, stage), !legacy': see '%s'"
                                .formatted(text, text.substring(at).strip()));
            }
            requirements.add(requirement(matcher));
        }
        return new LabelSelector(requirements);
    }

    /** Those that every one of these selects. */
    public static LabelSelector allOf(List<LabelSelector> selectors) {
        return new LabelSelector(selectors.stream()
                .flatMap(selector -> selector.requirements.stream())
                .toList());
    }

    /** Whether an object with these labels is meant. */
    public boolean selects(Map<String, String> labels) {
        return requirements.stream().allMatch(requirement -> requirement.holds(labels.get(requirement.key())));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LabelSelector selector && requirements.equals(selector.requirements);
    }

    @Override
    public int hashCode() {
        return requirements.hashCode();
    }

    /** Its text, for logs. */
    @Override
    public String toString() {
        return String.join(",", requirements.stream().map(LabelSelector::text).toList());
    }

    private static Requirement requirement(Matcher matcher) {
        if (matcher.group("absent") != null) {
            return new Requirement(matcher.group("absentKey"), Operator.DOES_NOT_EXIST, Set.of());
        }
        if (matcher.group("in") != null) {
            var values = new TreeSet<String>();
            for (var value : matcher.group("values").split(",", -1)) {
                values.add(value.strip());
            }
            if (!values.stream().allMatch(value -> value.matches(VALUE))) {
                throw new IllegalArgumentException(
                        "'(%s)' holds what no label can be".formatted(matcher.group("values")));
            }
            return new Requirement(
                    matcher.group("setKey"), matcher.group("in").equals("in") ? Operator.IN : Operator.NOT_IN, values);
        }
        var equals = matcher.group("equals");
        if (equals == null) {
            return new Requirement(matcher.group("key"), Operator.EXISTS, Set.of());
        }
        var value = Objects.requireNonNullElse(matcher.group("value"), "");
        return new Requirement(
                matcher.group("key"), equals.equals("!=") ? Operator.NOT_IN : Operator.IN, Set.of(value));
    }

    private static String text(Requirement requirement) {
        var key = requirement.key();
        return switch (requirement.operator()) {
            case EXISTS -> key;
            case DOES_NOT_EXIST -> "!" + key;
            case IN, NOT_IN ->
                "%s %s (%s)"
                        .formatted(
                                key,
                                requirement
                                        .operator()
                                        .name()
                                        .toLowerCase(Locale.ROOT)
                                        .replace("_", ""),
                                String.join(",", requirement.values()));
        };
    }
}
