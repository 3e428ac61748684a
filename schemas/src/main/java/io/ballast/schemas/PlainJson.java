package io.ballast.schemas;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import org.apache.avro.generic.GenericArray;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** Avro values as JSON that people and tools read without a schema: fields in schema order, maps as objects. */
final class PlainJson {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private PlainJson() {}

    static byte[] bytes(IndexedRecord avro) {
        try {
            return MAPPER.writeValueAsBytes(tree(avro));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree cannot be written as JSON", e);
        }
    }

    static JsonNode tree(@Nullable Object value) {
        return switch (value) {
            case null -> NODES.nullNode();
            case IndexedRecord record -> {
                var object = NODES.objectNode();
                record.getSchema()
                        .getFields()
                        .forEach(field -> object.set(field.name(), tree(record.get(field.pos()))));
                yield object;
            }
            case GenericArray<?> map
            when map.getSchema().getElementType().getName().equals("KeyValue") -> {
                var object = NODES.objectNode();
                map.forEach(entry ->
                        object.set(((IndexedRecord) entry).get(0).toString(), tree(((IndexedRecord) entry).get(1))));
                yield object;
            }
            case List<?> list -> {
                var array = NODES.arrayNode();
                list.forEach(element -> array.add(tree(element)));
                yield array;
            }
            case Integer number -> NODES.numberNode(number);
            case Long number -> NODES.numberNode(number);
            case Boolean truth -> NODES.booleanNode(truth);
            default -> NODES.textNode(value.toString());
        };
    }
}
