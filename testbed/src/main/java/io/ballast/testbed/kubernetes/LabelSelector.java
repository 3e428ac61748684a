package io.ballast.testbed.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import io.ballast.schemas.contract.InOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A parsed label selector: every requirement must hold. */
record LabelSelector(List<Requirement> requirements) {
    static final LabelSelector EVERYTHING = new LabelSelector(List.of());

    private static final Pattern SET = Pattern.compile("\\s*([^\\s!=,()]+)\\s+(in|notin)\\s*\\(([^)]*)\\)\\s*");
    private static final Pattern EQUALITY = Pattern.compile("\\s*([^\\s!=,()]+)\\s*(==|=|!=)\\s*([^\\s=,()]*)\\s*");
    private static final Pattern PRESENCE = Pattern.compile("\\s*(!?)\\s*([^\\s!=,()]+)\\s*");
    private static final Pattern NEXT = Pattern.compile("(?:[^,(]|\\([^)]*\\))+");

    LabelSelector {
        requirements = List.copyOf(requirements);
    }

    /** One condition on a label; {@code negated} also holds where the label is absent. */
    record Requirement(String key, Set<String> values, boolean negated) {
        boolean holds(Map<String, String> labels) {
            var value = labels.get(key);
            if (value == null) {
                return negated;
            }
            return negated != (values.isEmpty() || values.contains(value));
        }
    }

    boolean matches(Map<String, String> labels) {
        return requirements.stream().allMatch(requirement -> requirement.holds(labels));
    }

    boolean isEverything() {
        return requirements.isEmpty();
    }

    /** Parses the query parameter, for example {@code app=web,tier in (a, b),!old}. Throws 400 on anything else. */
    static LabelSelector parse(String text) {
        var requirements = new ArrayList<Requirement>();
        var parts = NEXT.matcher(text);
        while (parts.find()) {
            requirements.add(requirement(parts.group()));
        }
        return new LabelSelector(requirements);
    }

    private static Requirement requirement(String part) {
        Matcher set = SET.matcher(part);
        if (set.matches()) {
            var values = Set.of(set.group(3).replace(" ", "").split(",", -1));
            return new Requirement(set.group(1), values, set.group(2).equals("notin"));
        }
        Matcher equality = EQUALITY.matcher(part);
        if (equality.matches()) {
            return new Requirement(
                    equality.group(1),
                    Set.of(equality.group(3)),
                    equality.group(2).equals("!="));
        }
        Matcher presence = PRESENCE.matcher(part);
        if (presence.matches()) {
            return new Requirement(
                    presence.group(2), Set.of(), presence.group(1).equals("!"));
        }
        throw ApiError.badRequest("unable to parse requirement: found '" + part.strip() + "', expected: identifier");
    }

    /** A selector that asks for equality of each entry (a Service's {@code spec.selector}). */
    static LabelSelector equality(JsonNode map) {
        return new LabelSelector(Json.textMap(map).entrySet().stream()
                .map(entry -> new Requirement(entry.getKey(), Set.of(entry.getValue()), false))
                .toList());
    }

    /** A selector with {@code matchLabels} and {@code matchExpressions}. */
    static LabelSelector structured(JsonNode selector) {
        var requirements =
                new ArrayList<>(equality(selector.path("matchLabels")).requirements());
        for (var expression : Json.objects(selector.path("matchExpressions"))) {
            var operator = Json.text(expression, "operator");
            requirements.add(new Requirement(
                    Json.text(expression, "key"),
                    InOrder.copyOf(Json.texts(expression.path("values"))),
                    operator.equals("NotIn") || operator.equals("DoesNotExist")));
        }
        return new LabelSelector(requirements);
    }
}
