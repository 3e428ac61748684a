package io.ballast.octavia.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads fields whose absence and null mean the same. */
final class Json {
    private Json() {}

    static String text(JsonNode node, String field) {
        var value = node.path(field);
        return value.isNull() ? "" : value.asText("");
    }

    static @Nullable String orNull(JsonNode node, String field) {
        var value = node.path(field);
        return value.isNull() || value.isMissingNode() || value.asText().isEmpty() ? null : value.asText();
    }

    static @Nullable Integer numberOrNull(JsonNode node, String field) {
        return node.path(field).isNumber() ? node.path(field).asInt() : null;
    }

    static List<String> texts(JsonNode node, String field) {
        var all = new ArrayList<String>();
        node.path(field).forEach(each -> all.add(each.asText()));
        return all;
    }

    static SortedSet<String> ids(JsonNode node, String field) {
        var all = new TreeSet<String>();
        node.path(field).forEach(each -> all.add(text(each, "id")));
        return all;
    }

    static Map<String, String> map(JsonNode node, String field) {
        var all = new HashMap<String, String>();
        node.path(field)
                .properties()
                .forEach(each -> all.put(each.getKey(), each.getValue().asText()));
        return all;
    }

    static <E extends Enum<E>> E symbol(Class<E> type, String text, E otherwise) {
        for (var constant : type.getEnumConstants()) {
            if (constant.name().equals(text)) {
                return constant;
            }
        }
        return otherwise;
    }
}
