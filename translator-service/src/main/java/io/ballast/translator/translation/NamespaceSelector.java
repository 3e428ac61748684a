package io.ballast.translator.translation;

import io.ballast.schemas.contract.InOrder;
import io.ballast.schemas.contract.LabelSelector;
import java.util.Map;
import java.util.Set;

/**
 * Namespaces, by name or by label: those named, and those whose labels match. One that says nothing selects all.
 *
 * @param names names
 * @param labels labels that a namespace must have; {@link LabelSelector#ALL} for no word about labels
 */
public record NamespaceSelector(Set<String> names, LabelSelector labels) {
    public static final NamespaceSelector ALL = new NamespaceSelector(Set.of(), LabelSelector.ALL);

    public NamespaceSelector {
        names = InOrder.copyOf(names);
    }

    boolean selects(String namespace, Map<String, String> namespaceLabels) {
        if (labels.equals(LabelSelector.ALL)) {
            return names.isEmpty() || names.contains(namespace);
        }
        return names.contains(namespace) || labels.selects(namespaceLabels);
    }
}
