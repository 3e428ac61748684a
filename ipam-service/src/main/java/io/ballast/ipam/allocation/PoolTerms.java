package io.ballast.ipam.allocation;

import io.ballast.schemas.contract.AddressClaim;
import io.ballast.schemas.contract.InOrder;
import io.ballast.schemas.contract.LabelSelector;
import io.ballast.schemas.contract.ServiceKey;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whom an external pool serves, and how. Labels of a namespace are those of the Namespace object, which tenants do not write;
 * labels of a Service are its owner's, so that a selector over them narrows what the namespace may have and widens nothing.
 *
 * @param clusters clusters it serves; empty for all
 * @param namespaces namespaces it serves by name
 * @param namespaceSelector namespaces it serves by label, beside those by name; null for none. Without either: all
 * @param serviceSelector Services it serves, of those namespaces
 * @param priority of several that serve a claim the highest comes first
 * @param autoAssign whether it serves claims that name neither it nor its network nor an address of it
 * @param draining whether it grants nothing new; what is granted stays
 * @param perNamespace most addresses that a namespace may have of it
 * @param perCluster most addresses that a cluster may have of it
 * @param keepFor how long an address that is to be kept is kept for its Service; null for until it is taken away by hand
 */
public record PoolTerms(
        Set<String> clusters,
        Set<String> namespaces,
        @Nullable LabelSelector namespaceSelector,
        LabelSelector serviceSelector,
        int priority,
        boolean autoAssign,
        boolean draining,
        int perNamespace,
        int perCluster,
        @Nullable Duration keepFor) {
    /** No limit of addresses. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    public PoolTerms {
        clusters = InOrder.copyOf(clusters);
        namespaces = InOrder.copyOf(namespaces);
    }

    /** These clusters and namespaces, and nothing else said. */
    public static PoolTerms of(Set<String> clusters, Set<String> namespaces) {
        return new PoolTerms(clusters, namespaces, null, LabelSelector.ALL, 0, true, false, UNLIMITED, UNLIMITED, null);
    }

    /** Whether somebody whom it serves may get nothing of it while something is free. */
    boolean isLimited() {
        return perNamespace != UNLIMITED || perCluster != UNLIMITED;
    }

    boolean serves(ServiceKey key, AddressClaim claim) {
        return (clusters.isEmpty() || clusters.contains(key.cluster()))
                && servesNamespace(key.namespace(), claim)
                && serviceSelector.selects(claim.serviceLabels());
    }

    private boolean servesNamespace(String namespace, AddressClaim claim) {
        if (namespaces.isEmpty() && namespaceSelector == null) {
            return true;
        }
        return namespaces.contains(namespace)
                || (namespaceSelector != null && namespaceSelector.selects(claim.namespaceLabels()));
    }
}
