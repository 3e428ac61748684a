package io.ballast.translator.translation;

import io.ballast.schemas.contract.InOrder;
import java.util.Set;

/**
 * Who may name what of OpenStack in annotations.
 *
 * @param namespaces namespaces the rule speaks of
 * @param kinds what they may name
 */
public record RawIdRule(NamespaceSelector namespaces, Set<RawId> kinds) {
    public RawIdRule {
        kinds = InOrder.copyOf(kinds);
    }
}
