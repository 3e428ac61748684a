package io.ballast.schemas;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;

/** JSON Schemas (draft 7) of the JSON mirrors, derived from the Avro schemas as {@link PlainJson} derives the values. */
final class JsonSchemas {
    private JsonSchemas() {}

    static Map<String, Object> of(Schema schema) {
        return switch (schema.getType()) {
            case RECORD -> record(schema);
            case ENUM ->
                Yaml.map(
                        "type",
                        "string",
                        "description",
                        schema.getDoc() + " Symbols may be added; treat one you do not know as UNKNOWN.",
                        "examples",
                        List.copyOf(schema.getEnumSymbols()));
            case ARRAY ->
                schema.getElementType().getName().equals("KeyValue")
                        ? Yaml.map("type", "object", "additionalProperties", Yaml.map("type", "string"))
                        : Yaml.map("type", "array", "items", of(schema.getElementType()));
            case UNION -> nullable(of(schema.getTypes().get(1)));
            case STRING -> Yaml.map("type", "string");
            case INT -> Yaml.map("type", "integer", "format", "int32");
            case LONG -> Yaml.map("type", "integer", "format", "int64");
            case BOOLEAN -> Yaml.map("type", "boolean");
            default -> throw new AssertionError("the contract does not use " + schema.getType());
        };
    }

    private static Map<String, Object> record(Schema schema) {
        var properties = new LinkedHashMap<String, Object>();
        for (var field : schema.getFields()) {
            var property = new LinkedHashMap<>(of(field.schema()));
            property.put("description", field.doc());
            properties.put(field.name(), property);
        }
        return Yaml.map(
                "type",
                "object",
                "description",
                schema.getDoc(),
                "required",
                List.copyOf(properties.keySet()),
                "properties",
                properties);
    }

    private static Map<String, Object> nullable(Map<String, Object> schema) {
        var types = new ArrayList<>(List.of((String) schema.get("type"), "null"));
        var result = new LinkedHashMap<>(schema);
        result.put("type", types);
        return result;
    }
}
