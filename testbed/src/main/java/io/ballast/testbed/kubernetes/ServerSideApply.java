package io.ballast.testbed.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Server-side apply with simplified ownership: only managers that apply own fields (an ordinary update takes none away), and their
 * field sets are kept in {@code managedFields} as the real ones are. A field that its manager no longer applies goes, unless
 * another one applies it too; another manager's value is a conflict unless forced.
 */
final class ServerSideApply {
    private ServerSideApply() {}

    /** The live object (an empty one when it is to be created) after a manager applied its configuration. */
    static ObjectNode apply(
            ObjectNode live, ObjectNode configuration, String manager, String subresource, boolean force, Instant now) {
        var applied = configuration.deepCopy();
        applied.remove(List.of("apiVersion", "kind"));
        Meta.of(applied)
                .remove(List.of("name", "namespace", "managedFields", "creationTimestamp", "uid", "resourceVersion"));
        if (Json.at(applied, "metadata").isEmpty()) {
            applied.remove("metadata"); // nothing of it is anybody's
        }
        if (subresource.isEmpty()) {
            applied.remove("status");
        }
        var result = live.deepCopy();
        var owned = fields(applied, "");
        var entries = Json.objects(Json.at(live, "metadata", "managedFields"));
        var previous = entry(entries, manager, subresource);
        var others = new ArrayList<ObjectNode>();
        entries.stream().filter(entry -> !isOf(entry, manager, subresource)).forEach(others::add);

        var conflicts = conflicts(live, applied, owned, others);
        if (!conflicts.isEmpty() && !force) {
            throw conflict(conflicts);
        }
        release(others, conflicts);
        removeAbandoned(result, Json.child(previous, "fieldsV1"), owned, others);
        merge(result, applied, "");
        result.set("apiVersion", configuration.path("apiVersion"));
        result.set("kind", configuration.path("kind"));
        record(result, others, manager, subresource, owned, now);
        return result;
    }

    private static ApiError conflict(List<Conflict> conflicts) {
        var causes = conflicts.stream()
                .map(conflict -> new ApiError.Cause(
                        "FieldManagerConflict", "conflict with \"%s\"".formatted(conflict.manager()), conflict.path()))
                .toList();
        var names = conflicts.stream()
                .map(conflict -> "conflict with \"%s\": %s".formatted(conflict.manager(), conflict.path()))
                .toList();
        return ApiError.applyConflict(
                "Apply failed with %d conflict%s: %s"
                        .formatted(names.size(), names.size() == 1 ? "" : "s", String.join(", ", names)),
                causes);
    }

    private record Conflict(String manager, String path, List<String> steps) {}

    private static boolean isOf(ObjectNode entry, String manager, String subresource) {
        return Json.text(entry, "manager").equals(manager)
                && Json.text(entry, "subresource").equals(subresource)
                && Json.text(entry, "operation").equals("Apply");
    }

    private static ObjectNode entry(List<ObjectNode> entries, String manager, String subresource) {
        return entries.stream()
                .filter(entry -> isOf(entry, manager, subresource))
                .findFirst()
                .map(ObjectNode::deepCopy)
                .orElseGet(Json::object);
    }

    /** The set of leaf fields of a configuration, in the form of {@code fieldsV1}. */
    static ObjectNode fields(ObjectNode object, String parent) {
        var set = Json.object();
        for (var entry : object.properties()) {
            var name = entry.getKey();
            var value = entry.getValue();
            if (value instanceof ObjectNode nested && !nested.isEmpty()) {
                set.set("f:" + name, fields(nested, name));
            } else if (value instanceof ArrayNode array) {
                set.set("f:" + name, listFields(array, parent, name));
            } else {
                set.putObject("f:" + name);
            }
        }
        return set;
    }

    private static ObjectNode listFields(ArrayNode array, String parent, String name) {
        var keys = MergeKeys.apply(parent, name);
        var set = Json.object();
        if (MergeKeys.isSet(name)) {
            array.forEach(value -> set.putObject("v:" + value));
        } else if (!keys.isEmpty()) {
            for (var element : Json.objects(array)) {
                var nested = fields(element, name);
                nested.putObject(".");
                set.set("k:" + id(element, keys), nested);
            }
        }
        return set;
    }

    private static ObjectNode id(ObjectNode element, List<String> keys) {
        var id = Json.object();
        for (var key : keys) {
            var value = element.path(key);
            if (!value.isMissingNode()) {
                id.set(key, value);
            } else if (key.equals("protocol")) {
                id.put(key, "TCP");
            }
        }
        return id;
    }

    private static boolean sameEntry(ObjectNode one, ObjectNode other, List<String> keys) {
        return id(one, keys).equals(id(other, keys));
    }

    private static List<Conflict> conflicts(
            ObjectNode live, ObjectNode applied, ObjectNode owned, List<ObjectNode> others) {
        var found = new ArrayList<Conflict>();
        for (var other : others) {
            if (Json.text(other, "operation").equals("Apply")) {
                compare(Json.text(other, "manager"), owned, other.path("fieldsV1"), live, applied, List.of(), found);
            }
        }
        return found;
    }

    private static void compare(
            String manager,
            JsonNode mine,
            JsonNode theirs,
            JsonNode live,
            JsonNode applied,
            List<String> path,
            List<Conflict> found) {
        for (var entry : mine.properties()) {
            var step = entry.getKey();
            if (!theirs.has(step) || step.equals(".")) {
                continue;
            }
            var deeper = new ArrayList<>(path);
            deeper.add(step);
            var liveChild = follow(live, step);
            var appliedChild = follow(applied, step);
            if (entry.getValue().isEmpty()) {
                if (!liveChild.equals(appliedChild) && !step.startsWith("v:")) {
                    found.add(new Conflict(manager, spell(deeper), deeper));
                }
            } else {
                compare(manager, entry.getValue(), theirs.path(step), liveChild, appliedChild, deeper, found);
            }
        }
    }

    private static JsonNode follow(JsonNode node, String step) {
        if (step.startsWith("f:")) {
            return node.path(step.substring(2));
        }
        for (var element : node) {
            if (element instanceof ObjectNode object && step.startsWith("k:") && hasId(object, step)) {
                return object;
            }
            if (step.startsWith("v:") && element.toString().equals(step.substring(2))) {
                return element;
            }
        }
        return MissingNode.getInstance();
    }

    private static boolean hasId(ObjectNode element, String step) {
        try {
            var wanted = Json.MAPPER.readTree(step.substring(2));
            var keys = wanted.properties().stream().map(Map.Entry::getKey).toList();
            return id(element, keys).equals(wanted);
        } catch (JsonProcessingException broken) {
            return false;
        }
    }

    private static String spell(List<String> steps) {
        var text = new StringBuilder();
        for (var step : steps) {
            text.append(step.startsWith("f:") ? "." + step.substring(2) : "[" + step.substring(2) + "]");
        }
        return text.toString();
    }

    /** Takes forced fields away from those that owned them. */
    private static void release(List<ObjectNode> others, List<Conflict> conflicts) {
        for (var i = 0; i < others.size(); i++) {
            var copy = others.get(i).deepCopy();
            for (var conflict : conflicts) {
                if (Json.text(copy, "manager").equals(conflict.manager())) {
                    JsonNode here = copy.path("fieldsV1");
                    for (var step : conflict.steps().subList(0, conflict.steps().size() - 1)) {
                        here = here.path(step);
                    }
                    if (here instanceof ObjectNode object) {
                        object.remove(conflict.steps().getLast());
                    }
                }
            }
            others.set(i, copy);
        }
    }

    private static void removeAbandoned(JsonNode live, JsonNode before, JsonNode now, List<ObjectNode> others) {
        var otherSets = others.stream().map(other -> other.path("fieldsV1")).toList();
        removeAbandonedIn(live, before, now, otherSets);
    }

    private static void removeAbandonedIn(JsonNode live, JsonNode before, JsonNode now, List<JsonNode> others) {
        for (var entry : before.properties()) {
            var step = entry.getKey();
            if (step.equals(".")) {
                continue;
            }
            var elsewhere = others.stream().map(set -> set.path(step)).toList();
            var child = follow(live, step);
            if (now.has(step)) {
                removeAbandonedIn(child, entry.getValue(), now.path(step), elsewhere);
            } else {
                var isInner = step.startsWith("f:") && !entry.getValue().isEmpty();
                if (isInner) {
                    removeAbandonedIn(child, entry.getValue(), Json.object(), elsewhere);
                }
                if (elsewhere.stream().allMatch(JsonNode::isMissingNode) && (!isInner || child.isEmpty())) {
                    drop(live, step, child);
                }
            }
        }
    }

    private static void drop(JsonNode live, String step, JsonNode child) {
        if (live instanceof ObjectNode object) {
            object.remove(step.substring(2));
        } else if (live instanceof ArrayNode array) {
            array.removeIf(child::equals);
        }
    }

    private static void merge(ObjectNode live, ObjectNode applied, String parent) {
        for (var entry : applied.properties()) {
            var name = entry.getKey();
            var value = entry.getValue();
            if (value instanceof ObjectNode nested && !nested.isEmpty()) {
                merge(Json.child(live, name), nested, name);
            } else if (value instanceof ArrayNode array) {
                mergeList(live, array, parent, name);
            } else if (!value.isObject() || !live.has(name)) { // an empty object only makes sure that there is one
                live.set(name, value.deepCopy());
            }
        }
    }

    private static void mergeList(ObjectNode live, ArrayNode applied, String parent, String name) {
        var keys = MergeKeys.apply(parent, name);
        if (MergeKeys.isSet(name)) {
            var present = Json.texts(live.path(name));
            Json.texts(applied).stream().filter(text -> !present.contains(text)).forEach(present::add);
            live.set(name, Json.array(present));
            return;
        }
        if (keys.isEmpty()) {
            live.set(name, applied.deepCopy());
            return;
        }
        var target = Json.childArray(live, name);
        for (var element : Json.objects(applied)) {
            var match = Json.objects(target).stream()
                    .filter(candidate -> sameEntry(candidate, element, keys))
                    .findFirst();
            if (match.isPresent()) {
                merge(match.get(), element, name);
            } else {
                target.add(element.deepCopy());
            }
        }
    }

    private static void record(
            ObjectNode result,
            List<ObjectNode> others,
            String manager,
            String subresource,
            ObjectNode owned,
            Instant now) {
        var managed = Meta.of(result).putArray("managedFields");
        others.forEach(managed::add);
        var entry = managed.addObject()
                .put("manager", manager)
                .put("operation", "Apply")
                .put("apiVersion", Json.text(result, "apiVersion"))
                .put("time", Meta.time(now))
                .put("fieldsType", "FieldsV1");
        entry.set("fieldsV1", owned);
        if (!subresource.isEmpty()) {
            entry.put("subresource", subresource);
        }
    }
}
