package io.ballast.translator.translation;

import io.ballast.schemas.contract.InOrder;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Namespaces, by name or by label: those named, and those whose labels match. One that says nothing selects all.
 *
 * @param names names
 * @param matchLabels labels that a namespace must have, all of them
 * @param matchExpressions further conditions, all of which must hold
 */
public record NamespaceSelector(
        Set<String> names, Map<String, String> matchLabels, List<LabelRequirement> matchExpressions) {
    public static final NamespaceSelector ALL = new NamespaceSelector(Set.of(), Map.of(), List.of());

    public NamespaceSelector {
        names = InOrder.copyOf(names);
        matchLabels = InOrder.copyOf(matchLabels);
        matchExpressions = List.copyOf(matchExpressions);
    }

    boolean selects(String namespace, Map<String, String> labels) {
        boolean byLabel = !matchLabels.isEmpty() || !matchExpressions.isEmpty();
        if (!byLabel) {
            return names.isEmpty() || names.contains(namespace);
        }
        return names.contains(namespace)
                || (labels.entrySet().containsAll(matchLabels.entrySet())
                        && matchExpressions.stream().allMatch(each -> each.holds(labels)));
    }
}
