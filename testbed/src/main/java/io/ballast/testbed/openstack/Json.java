package io.ballast.testbed.openstack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Short spellings for JSON trees. */
final class Json {
    static final ObjectMapper MAPPER = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Json() {}

    static JsonNode parse(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage() + " in " + text, e);
        }
    }

    static byte[] bytes(JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An object of name, value, name, value…; values are null, text, numbers, booleans, nodes, maps or collections. */
    static ObjectNode object(@Nullable Object... namesAndValues) {
        var node = NODES.objectNode();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            node.set(String.valueOf(namesAndValues[i]), value(namesAndValues[i + 1]));
        }
        return node;
    }

    static ArrayNode array(Collection<?> values) {
        var node = NODES.arrayNode();
        values.forEach(each -> node.add(value(each)));
        return node;
    }

    static JsonNode value(@Nullable Object value) {
        return switch (value) {
            case null -> NODES.nullNode();
            case JsonNode node -> node;
            case String text -> NODES.textNode(text);
            case Boolean flag -> NODES.booleanNode(flag);
            case Integer number -> NODES.numberNode(number);
            case Long number -> NODES.numberNode(number);
            case Collection<?> many -> array(many);
            case Map<?, ?> map -> {
                var node = NODES.objectNode();
                map.forEach((name, each) -> node.set(String.valueOf(name), value(each)));
                yield node;
            }
            default -> NODES.textNode(value.toString());
        };
    }

    /** The text of a field; empty when absent or null. */
    static String text(JsonNode node, String field) {
        var found = node.path(field);
        return found.isMissingNode() || found.isNull() ? "" : found.asText();
    }

    /** True when the field is there and not null. */
    static boolean has(JsonNode node, String field) {
        return node.hasNonNull(field);
    }

    static List<String> texts(JsonNode array) {
        var found = new ArrayList<String>();
        array.forEach(each -> found.add(each.asText()));
        return found;
    }

    static List<JsonNode> items(JsonNode array) {
        var found = new ArrayList<JsonNode>();
        array.forEach(found::add);
        return found;
    }

    static List<String> fieldNames(JsonNode object) {
        var found = new ArrayList<String>();
        object.fieldNames().forEachRemaining(found::add);
        return found;
    }

    /** Copies the named fields that {@code from} has. */
    static void copy(JsonNode from, ObjectNode to, Iterable<String> fields) {
        for (var field : fields) {
            if (from.has(field)) {
                to.set(field, from.get(field).deepCopy());
            }
        }
    }
}
