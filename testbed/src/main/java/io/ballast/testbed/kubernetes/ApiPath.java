package io.ballast.testbed.kubernetes;

import java.util.List;
import java.util.Optional;

/** What a request is about. {@code namespace}, {@code name} and {@code subresource} are empty where the path has none. */
record ApiPath(ResourceType type, String namespace, String name, String subresource) {
    /** Resolves the path of a resource; empty when it is none that is served. */
    static Optional<ApiPath> parse(ResourceCatalog catalog, String path) {
        var parts = List.of(path.substring(1).split("/", -1));
        if (parts.getLast().isEmpty()) {
            parts = parts.subList(0, parts.size() - 1);
        }
        if (parts.size() >= 3 && parts.getFirst().equals("api")) {
            return resource(catalog, "", parts.get(1), parts.subList(2, parts.size()));
        }
        if (parts.size() >= 4 && parts.getFirst().equals("apis")) {
            return resource(catalog, parts.get(1), parts.get(2), parts.subList(3, parts.size()));
        }
        return Optional.empty();
    }

    private static Optional<ApiPath> resource(
            ResourceCatalog catalog, String group, String version, List<String> parts) {
        if (parts.size() >= 3 && parts.getFirst().equals("namespaces")) {
            var inNamespace = catalog.find(group, version, parts.get(2)).filter(ResourceType::namespaced);
            if (inNamespace.isPresent()) {
                return Optional.of(new ApiPath(inNamespace.get(), parts.get(1), part(parts, 3), part(parts, 4)));
            }
        }
        return catalog.find(group, version, parts.getFirst())
                .map(type -> new ApiPath(type, "", part(parts, 1), part(parts, 2)))
                .filter(found -> !found.type.namespaced() || found.name.isEmpty());
    }

    private static String part(List<String> parts, int index) {
        return index < parts.size() ? parts.get(index) : "";
    }

    ObjectStore.Key key() {
        return new ObjectStore.Key(type.storage(), namespace, name);
    }
}
