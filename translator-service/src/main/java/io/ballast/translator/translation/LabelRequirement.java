package io.ballast.translator.translation;

import io.ballast.schemas.contract.InOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A condition on a label, as {@code kubectl --selector} spells it: {@code key}, {@code !key}, {@code key in (a, b)} or
 * {@code key notin (a, b)}. Source: Kubernetes, labels and selectors, set-based requirement.
 *
 * @param values values of IN and NOT_IN, at least one; empty otherwise
 */
public record LabelRequirement(String key, Operator operator, Set<String> values) {
    /** How the label is compared. A namespace without the label satisfies NOT_IN. */
    public enum Operator {
        IN,
        NOT_IN,
        EXISTS,
        DOES_NOT_EXIST
    }

    private static final Pattern TEXT = Pattern.compile(
            "\\s*(?<not>!)?\\s*(?<key>[A-Za-z0-9][-A-Za-z0-9_./]*)(\\s+(?<op>in|notin)\\s*\\((?<values>[^()]*)\\))?\\s*");

    public LabelRequirement {
        values = InOrder.copyOf(values);
        boolean needsValues = operator == Operator.IN || operator == Operator.NOT_IN;
        if (needsValues == values.isEmpty()) {
            throw new IllegalArgumentException("%s %s with values %s".formatted(key, operator, values));
        }
    }

    /** Empty when the text is no such condition. */
    public static Optional<LabelRequirement> parse(String text) {
        var found = TEXT.matcher(text);
        if (!found.matches()) {
            return Optional.empty();
        }
        var key = found.group("key");
        boolean not = found.group("not") != null;
        var operator = found.group("op");
        if (operator == null) {
            return Optional.of(new LabelRequirement(key, not ? Operator.DOES_NOT_EXIST : Operator.EXISTS, Set.of()));
        }
        var values = new TreeSet<String>();
        Arrays.stream(found.group("values").split(",", -1)).map(String::strip).forEach(values::add);
        return not
                ? Optional.empty()
                : Optional.of(new LabelRequirement(key, operator.equals("in") ? Operator.IN : Operator.NOT_IN, values));
    }

    boolean holds(Map<String, String> labels) {
        @Nullable String value = labels.get(key);
        return switch (operator) {
            case IN -> value != null && values.contains(value);
            case NOT_IN -> value == null || !values.contains(value);
            case EXISTS -> value != null;
            case DOES_NOT_EXIST -> value == null;
        };
    }
}
