package io.ballast.testbed.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** The two patches that know no schema: JSON patch (RFC 6902) and JSON merge patch (RFC 7386). Both work on a copy. */
final class JsonPatches {
    private JsonPatches() {}

    /** Applies the operations in order. Throws 400 for a malformed one, 422 for one that does not fit the object. */
    static ObjectNode patch(ObjectNode original, JsonNode operations) {
        if (!operations.isArray()) {
            throw ApiError.badRequest(
                    "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp");
        }
        JsonNode document = original.deepCopy();
        for (var operation : Json.objects(operations)) {
            document = step(document, operation);
        }
        if (document instanceof ObjectNode object) {
            return object;
        }
        throw doesNotFit("the patched document is no object");
    }

    private static JsonNode step(JsonNode document, ObjectNode operation) {
        var path = steps(Json.text(operation, "path"));
        var value = operation.path("value");
        return switch (Json.text(operation, "op")) {
            case "add" -> add(document, path, value.deepCopy());
            case "remove" -> {
                remove(document, path);
                yield document;
            }
            case "replace" -> {
                if (path.isEmpty()) {
                    yield value.deepCopy();
                }
                remove(document, path);
                yield add(document, path, value.deepCopy());
            }
            case "move" -> {
                var from = steps(Json.text(operation, "from"));
                var moved = resolve(document, from);
                remove(document, from);
                yield add(document, path, moved);
            }
            case "copy" ->
                add(
                        document,
                        path,
                        resolve(document, steps(Json.text(operation, "from"))).deepCopy());
            case "test" -> {
                if (!find(document, path).equals(value)) {
                    throw doesNotFit("testing path " + Json.text(operation, "path") + " has failed");
                }
                yield document;
            }
            default -> throw ApiError.badRequest("unexpected kind of patch operation: " + Json.text(operation, "op"));
        };
    }

    private static List<String> steps(String pointer) {
        if (pointer.isEmpty()) {
            return List.of();
        }
        var steps = new ArrayList<String>();
        for (var part : pointer.substring(1).split("/", -1)) {
            steps.add(part.replace("~1", "/").replace("~0", "~"));
        }
        return steps;
    }

    private static JsonNode find(JsonNode document, List<String> path) {
        var here = document;
        for (var step : path) {
            here = here.isArray() ? here.path(index(step, here.size())) : here.path(step);
        }
        return here;
    }

    private static JsonNode resolve(JsonNode document, List<String> path) {
        var found = find(document, path);
        if (found instanceof MissingNode) {
            throw doesNotFit("path /" + String.join("/", path) + " does not exist");
        }
        return found;
    }

    private static int index(String step, int size) {
        if (step.equals("-")) {
            return size;
        }
        if (!step.matches("\\d{1,6}")) {
            throw doesNotFit("'" + step + "' is no index of a list");
        }
        return Integer.parseInt(step);
    }

    private static JsonNode add(JsonNode document, List<String> path, JsonNode value) {
        if (path.isEmpty()) {
            return value;
        }
        var parent = resolve(document, path.subList(0, path.size() - 1));
        var last = path.getLast();
        if (parent instanceof ArrayNode array) {
            var index = index(last, array.size());
            if (index > array.size()) {
                throw doesNotFit("index " + index + " is beyond the " + array.size() + " entries of the list");
            }
            array.insert(index, value);
        } else if (parent instanceof ObjectNode object) {
            object.set(last, value);
        } else {
            throw doesNotFit("path /" + String.join("/", path) + " leads into a plain value");
        }
        return document;
    }

    private static void remove(JsonNode document, List<String> path) {
        resolve(document, path);
        var parent = resolve(document, path.subList(0, path.size() - 1));
        if (parent instanceof ArrayNode array) {
            array.remove(index(path.getLast(), array.size()));
        } else if (parent instanceof ObjectNode object) {
            object.remove(path.getLast());
        }
    }

    private static ApiError doesNotFit(String why) {
        return ApiError.of(422, "Invalid", "the server rejected our request due to an error in our request: " + why);
    }

    /** Applies a JSON merge patch: null removes, objects merge, everything else replaces. */
    static ObjectNode merge(ObjectNode original, JsonNode patch) {
        if (!(patch instanceof ObjectNode changes)) {
            throw ApiError.badRequest("a merge patch must be a JSON object");
        }
        return mergeInto(original.deepCopy(), changes);
    }

    private static ObjectNode mergeInto(ObjectNode target, ObjectNode changes) {
        for (var entry : changes.properties()) {
            var value = entry.getValue();
            if (value.isNull()) {
                target.remove(entry.getKey());
            } else if (value instanceof ObjectNode nested) {
                var existing = target.get(entry.getKey());
                target.set(
                        entry.getKey(),
                        mergeInto(existing instanceof ObjectNode object ? object : Json.object(), nested));
            } else {
                target.set(entry.getKey(), value.deepCopy());
            }
        }
        return target;
    }
}
