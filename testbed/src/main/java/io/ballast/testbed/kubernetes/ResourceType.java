package io.ballast.testbed.kubernetes;

import java.util.List;

/**
 * One served resource. {@code group} is empty for the core group; {@code storage} names the table that holds the objects, which
 * several versions (or, for Events, two groups) may share.
 */
public record ResourceType(
        String group,
        String version,
        String plural,
        String kind,
        boolean namespaced,
        List<String> shortNames,
        List<String> subresources,
        List<String> categories,
        String storage,
        boolean custom) {
    public ResourceType {
        shortNames = List.copyOf(shortNames);
        subresources = List.copyOf(subresources);
        categories = List.copyOf(categories);
    }

    /** {@code v1} or {@code group/version}. */
    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** {@code services} or {@code deployments.apps}: how messages name the resource. */
    String qualified() {
        return group.isEmpty() ? plural : plural + "." + group;
    }

    /** {@code Service} or {@code Deployment.apps}: how messages name the kind. */
    String qualifiedKind() {
        return group.isEmpty() ? kind : kind + "." + group;
    }

    boolean has(String subresource) {
        return subresources.contains(subresource);
    }
}
