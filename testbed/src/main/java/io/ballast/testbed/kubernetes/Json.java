package io.ballast.testbed.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Short words for Jackson trees. Reading never fails: what is absent reads as empty. */
final class Json {
    static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** A new object with the same fields; only its metadata is copied too, as writes change it. */
    static ObjectNode shallow(ObjectNode object) {
        var copy = object();
        copy.setAll(object);
        if (object.get("metadata") instanceof ObjectNode metadata) {
            copy.set("metadata", metadata.deepCopy());
        }
        return copy;
    }

    static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    static ArrayNode array(Collection<String> texts) {
        var array = array();
        texts.forEach(array::add);
        return array;
    }

    static JsonNode at(JsonNode node, String... path) {
        var here = node;
        for (var step : path) {
            here = here.path(step);
        }
        return here;
    }

    /** The text at a path, empty when there is none. */
    static String text(JsonNode node, String... path) {
        var found = at(node, path);
        return found.isValueNode() && !found.isNull() ? found.asText() : "";
    }

    static boolean has(JsonNode node, String... path) {
        var found = at(node, path);
        return !found.isMissingNode() && !found.isNull();
    }

    /** The object at a path, made where it is missing. */
    static ObjectNode child(ObjectNode node, String... path) {
        var here = node;
        for (var step : path) {
            if (here.get(step) instanceof ObjectNode next) {
                here = next;
            } else {
                here = here.putObject(step);
            }
        }
        return here;
    }

    /** The array at a field, made where it is missing. */
    static ArrayNode childArray(ObjectNode node, String field) {
        return node.get(field) instanceof ArrayNode array ? array : node.putArray(field);
    }

    static List<ObjectNode> objects(JsonNode array) {
        var found = new ArrayList<ObjectNode>();
        for (var element : array) {
            if (element instanceof ObjectNode object) {
                found.add(object);
            }
        }
        return found;
    }

    static List<String> texts(JsonNode array) {
        var found = new ArrayList<String>();
        if (array.isArray()) {
            array.forEach(element -> found.add(element.asText()));
        }
        return found;
    }

    /** A map of texts, in the order written. */
    static Map<String, String> textMap(JsonNode object) {
        var found = new LinkedHashMap<String, String>();
        object.properties()
                .forEach(entry -> found.put(entry.getKey(), entry.getValue().asText()));
        return found;
    }

    /** Sets a field unless it has a value already. */
    static void putDefault(ObjectNode node, String field, String value) {
        if (!has(node, field)) {
            node.put(field, value);
        }
    }

    static void putDefault(ObjectNode node, String field, int value) {
        if (!has(node, field)) {
            node.put(field, value);
        }
    }

    static void putDefault(ObjectNode node, String field, boolean value) {
        if (!has(node, field)) {
            node.put(field, value);
        }
    }

    /** Removes every field that is null, at any depth: typed objects know no difference between null and absent. */
    static void dropNulls(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.removeIf(JsonNode::isNull);
        }
        node.forEach(Json::dropNulls);
    }

    /** Sets a field, or removes it when the value is null, missing or an empty container. */
    static void setOrRemove(ObjectNode node, String field, JsonNode value) {
        if (value.isMissingNode() || value.isNull() || (value.isContainerNode() && value.isEmpty())) {
            node.remove(field);
        } else {
            node.set(field, value);
        }
    }
}
