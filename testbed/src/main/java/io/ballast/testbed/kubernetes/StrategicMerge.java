package io.ballast.testbed.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/**
 * The strategic merge patch of the built-in kinds: lists merge by {@link MergeKeys}, and the directives {@code $patch}, {@code $retainKeys},
 * {@code $setElementOrder} and {@code $deleteFromPrimitiveList} are followed.
 */
final class StrategicMerge {
    private static final String ORDER = "$setElementOrder/";
    private static final String DELETE = "$deleteFromPrimitiveList/";

    private StrategicMerge() {}

    static ObjectNode merge(ObjectNode original, JsonNode patch) {
        if (!(patch instanceof ObjectNode changes)) {
            throw ApiError.badRequest("a strategic merge patch must be a JSON object");
        }
        return object(original.deepCopy(), changes, "");
    }

    private static ObjectNode object(ObjectNode target, ObjectNode changes, String parent) {
        switch (Json.text(changes, "$patch")) {
            case "replace" -> {
                target.removeAll();
                target.setAll(changes.deepCopy());
                target.remove("$patch");
                return target;
            }
            case "delete" -> {
                target.removeAll();
                return target;
            }
            default -> {}
        }
        retainKeys(target, changes);
        for (var entry : changes.properties()) {
            field(target, entry.getKey(), entry.getValue(), parent);
        }
        for (var entry : changes.properties()) {
            if (entry.getKey().startsWith(ORDER)) {
                var name = entry.getKey().substring(ORDER.length());
                order(target, name, entry.getValue(), MergeKeys.strategic(parent, name));
            }
        }
        return target;
    }

    private static void retainKeys(ObjectNode target, ObjectNode changes) {
        if (changes.path("$retainKeys").isArray()) {
            target.retain(Json.texts(changes.path("$retainKeys")));
        }
    }

    private static void field(ObjectNode target, String name, JsonNode value, String parent) {
        if (name.startsWith(DELETE)) {
            deletePrimitives(target, name.substring(DELETE.length()), value);
        } else if (name.startsWith("$")) {
            return; // a directive that was followed already
        } else if (value.isNull()) {
            target.remove(name);
        } else if (value instanceof ObjectNode nested) {
            var existing = target.get(name);
            var merged = object(existing instanceof ObjectNode object ? object : Json.object(), nested, name);
            target.set(name, merged);
        } else if (value instanceof ArrayNode array) {
            target.set(name, list(target.path(name), array, parent, name));
        } else {
            target.set(name, value);
        }
    }

    private static void deletePrimitives(ObjectNode target, String name, JsonNode values) {
        if (target.get(name) instanceof ArrayNode array) {
            var kept = Json.array();
            var gone = Json.texts(values);
            array.forEach(element -> {
                if (!gone.contains(element.asText())) {
                    kept.add(element);
                }
            });
            Json.setOrRemove(target, name, kept);
        }
    }

    private static JsonNode list(JsonNode existing, ArrayNode patch, String parent, String name) {
        var key = MergeKeys.strategic(parent, name);
        if (MergeKeys.isSet(name)) {
            var union = Json.texts(existing);
            Json.texts(patch).stream().filter(text -> !union.contains(text)).forEach(union::add);
            return Json.array(union);
        }
        if (key.isEmpty()) {
            return patch.deepCopy();
        }
        var entries = Json.objects(existing.deepCopy());
        var replaces = false;
        for (var change : Json.objects(patch)) {
            if (Json.text(change, "$patch").equals("replace")) {
                replaces = true;
            }
        }
        if (replaces) {
            entries.clear();
        }
        for (var change : Json.objects(patch)) {
            mergeEntry(entries, change, key, name);
        }
        var merged = Json.array();
        entries.forEach(merged::add);
        return merged;
    }

    private static void mergeEntry(List<ObjectNode> entries, ObjectNode change, String key, String list) {
        var id = Json.text(change, key);
        var directive = Json.text(change, "$patch");
        if (directive.equals("delete")) {
            entries.removeIf(entry -> Json.text(entry, key).equals(id));
            return;
        }
        if (id.isEmpty()) {
            if (!directive.isEmpty()) {
                return;
            }
            throw ApiError.badRequest("map: %s does not contain declared merge key: %s".formatted(change, key));
        }
        for (var entry : entries) {
            if (Json.text(entry, key).equals(id)) {
                object(entry, change, list);
                return;
            }
        }
        entries.add(object(Json.object(), change, list));
    }

    /** Puts what the directive names into its order; what it does not name keeps its place behind its predecessor. */
    private static void order(ObjectNode target, String name, JsonNode wanted, String key) {
        if (!(target.get(name) instanceof ArrayNode array)) {
            return;
        }
        var rank = new HashMap<String, Integer>();
        for (var element : wanted) {
            rank.putIfAbsent(element.isObject() ? Json.text(element, key) : element.asText(), rank.size());
        }
        var named = new ArrayList<JsonNode>();
        var others = new ArrayList<JsonNode>();
        for (var element : array) {
            (rank.containsKey(id(element, key)) ? named : others).add(element);
        }
        named.sort((one, other) ->
                Integer.compare(rank.getOrDefault(id(one, key), 0), rank.getOrDefault(id(other, key), 0)));
        array.removeAll();
        named.forEach(array::add);
        others.forEach(array::add);
    }

    private static String id(JsonNode element, String key) {
        return element.isObject() ? Json.text(element, key) : element.asText();
    }
}
