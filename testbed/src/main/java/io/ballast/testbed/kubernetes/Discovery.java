package io.ballast.testbed.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a client learns about the API before it uses it: groups, versions, resources, the server's version, and a thin OpenAPI. */
final class Discovery {
    private static final List<String> VERBS =
            List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
    private static final List<String> SUBRESOURCE_VERBS = List.of("get", "patch", "update");
    private static final String PATCH_OPERATION = "patch";

    private final ResourceCatalog catalog;

    Discovery(ResourceCatalog catalog) {
        this.catalog = catalog;
    }

    /** The answer to a path that is no resource, if it is served. */
    Optional<JsonNode> answer(String path) {
        var parts = List.of(path.replaceAll("^/|/$", "").split("/", -1));
        return switch (parts.getFirst()) {
            case "version" -> Optional.of(version());
            case "healthz", "livez", "readyz" -> Optional.of(Json.object().textNode("ok"));
            case "api" ->
                parts.size() == 1 ? Optional.of(coreVersions()) : resources("", parts.subList(1, parts.size()));
            case "apis" ->
                switch (parts.size()) {
                    case 1 -> Optional.of(groups());
                    case 2 -> group(parts.get(1));
                    default -> resources(parts.get(1), parts.subList(2, parts.size()));
                };
            case "openapi" -> openApi(parts);
            default -> Optional.empty();
        };
    }

    private static ObjectNode version() {
        return Json.object()
                .put("major", "1")
                .put("minor", "32")
                .put("gitVersion", "v1.32.4")
                .put("gitCommit", "59526cd4867447956156ae3a602fcbac10a2c335")
                .put("gitTreeState", "clean")
                .put("buildDate", "2025-04-22T15:58:22Z")
                .put("goVersion", "go1.23.6")
                .put("compiler", "gc")
                .put("platform", "linux/amd64");
    }

    private static ObjectNode coreVersions() {
        var versions = Json.object().put("kind", "APIVersions");
        versions.putArray("versions").add("v1");
        versions.putArray("serverAddressByClientCIDRs");
        return versions;
    }

    private Set<String> versionsOf(String group) {
        var versions = new LinkedHashSet<String>();
        catalog.all().stream().filter(type -> type.group().equals(group)).forEach(type -> versions.add(type.version()));
        return versions;
    }

    private ObjectNode groups() {
        var list = Json.object().put("kind", "APIGroupList").put("apiVersion", "v1");
        var groups = list.putArray("groups");
        var names = new LinkedHashSet<String>();
        catalog.all().forEach(type -> names.add(type.group()));
        names.remove("");
        names.forEach(name -> group(name).ifPresent(groups::add));
        return list;
    }

    private Optional<JsonNode> group(String name) {
        var versions = versionsOf(name);
        if (name.isEmpty() || versions.isEmpty()) {
            return Optional.empty();
        }
        var group =
                Json.object().put("kind", "APIGroup").put("apiVersion", "v1").put("name", name);
        var array = group.putArray("versions");
        for (var version : versions) {
            array.addObject().put("groupVersion", name + "/" + version).put("version", version);
        }
        group.set("preferredVersion", array.get(0).deepCopy());
        return Optional.of(group);
    }

    private Optional<JsonNode> resources(String group, List<String> rest) {
        if (rest.size() != 1 || !versionsOf(group).contains(rest.getFirst())) {
            return Optional.empty();
        }
        var version = rest.getFirst();
        var list = Json.object()
                .put("kind", "APIResourceList")
                .put("apiVersion", "v1")
                .put("groupVersion", group.isEmpty() ? version : group + "/" + version);
        var resources = list.putArray("resources");
        for (var type : catalog.all()) {
            if (type.group().equals(group) && type.version().equals(version)) {
                var entry = resources.addObject();
                describe(entry, type, type.plural(), VERBS);
                entry.put("singularName", ResourceCatalog.singular(type));
                Json.setOrRemove(entry, "shortNames", Json.array(type.shortNames()));
                Json.setOrRemove(entry, "categories", Json.array(type.categories()));
                for (var subresource : type.subresources()) {
                    var child = resources.addObject();
                    describe(child, type, type.plural() + "/" + subresource, SUBRESOURCE_VERBS);
                    if (subresource.equals("scale")) {
                        child.put("kind", "Scale").put("group", "autoscaling").put("version", "v1");
                    }
                }
            }
        }
        return Optional.of(list);
    }

    private static void describe(ObjectNode entry, ResourceType type, String name, List<String> verbs) {
        entry.put("name", name)
                .put("singularName", "")
                .put("namespaced", type.namespaced())
                .put("kind", type.kind());
        entry.set("verbs", Json.array(verbs));
    }

    /**
     * Just enough OpenAPI v3 for {@code kubectl apply}: which patches take {@code fieldValidation}, so that validation is left to the
     * server. There are no schemas; {@code kubectl explain} has nothing to show.
     */
    private Optional<JsonNode> openApi(List<String> parts) {
        if (parts.size() < 2 || !parts.get(1).equals("v3")) {
            return Optional.empty();
        }
        var byGroupVersion = new LinkedHashMap<String, ObjectNode>();
        for (var type : catalog.all()) {
            var root = (type.group().isEmpty() ? "api/" : "apis/") + type.apiVersion();
            var document = byGroupVersion.computeIfAbsent(root, Discovery::document);
            var path = "/" + root + (type.namespaced() ? "/namespaces/{namespace}/" : "/") + type.plural() + "/{name}";
            document.withObjectProperty("paths").set(path, operations(type));
        }
        if (parts.size() == 2) {
            var index = Json.object();
            var paths = index.putObject("paths");
            byGroupVersion
                    .keySet()
                    .forEach(root -> paths.putObject(root).put("serverRelativeURL", "/openapi/v3/" + root));
            return Optional.of(index);
        }
        return Optional.ofNullable(byGroupVersion.get(String.join("/", parts.subList(2, parts.size()))));
    }

    private static ObjectNode document(String root) {
        var document = Json.object().put("openapi", "3.0.0");
        document.putObject("info")
                .put("title", "Kubernetes")
                .put("version", "v1.32.4")
                .put("description", root);
        document.putObject("paths");
        return document;
    }

    private static ObjectNode operations(ResourceType type) {
        var operations = Json.object();
        var patch = operations.putObject(PATCH_OPERATION);
        for (var parameter : new String[] {"dryRun", "fieldManager", "fieldValidation", "force"}) {
            patch.withArrayProperty("parameters")
                    .addObject()
                    .put("name", parameter)
                    .put("in", "query")
                    .putObject("schema")
                    .put("type", "string");
        }
        patch.putObject("responses");
        patch.putObject("x-kubernetes-group-version-kind")
                .put("group", type.group())
                .put("version", type.version())
                .put("kind", type.kind());
        return operations;
    }
}
