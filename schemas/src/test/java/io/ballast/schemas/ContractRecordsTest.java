package io.ballast.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ballast.schemas.Samples.Filling;
import java.io.IOException;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract twice, as Java records and as Avro schemas, says the same. */
class ContractRecordsTest {
    static List<Class<?>> records() {
        return Samples.topLevel();
    }

    @ParameterizedTest
    @MethodSource("records")
    void agreesWithItsSchemaInNamesAndTypes(Class<?> type) {
        assertAgrees(type, ContractSchemas.of(type), type.getSimpleName());
    }

    @ParameterizedTest
    @MethodSource("records")
    void documentsEveryRecordFieldAndEnum(Class<?> type) {
        assertDocumented(ContractSchemas.of(type), type.getSimpleName());
    }

    @ParameterizedTest
    @MethodSource("records")
    void defaultsEveryEnumToUnknown(Class<?> type) {
        assertUnknownByDefault(ContractSchemas.of(type));
    }

    @ParameterizedTest
    @EnumSource
    void readsBackEveryRecord(Filling filling) {
        for (var type : records()) {
            var value = (Record) Samples.of(type, filling);

            var bytes = Encoding.encode(Samples.topicOf(type), value);

            assertThat(Encoding.decode(Samples.topicOf(type), bytes, new KnownSchemas()))
                    .as(type.getSimpleName())
                    .isEqualTo(value);
        }
    }

    @Test
    void mirrorsEveryFieldAsPlainJson() throws IOException {
        var status = Samples.of(Topics.LOAD_BALANCER_STATUS.type(), Filling.FULL);

        var json = Encoding.encode(Topics.LOAD_BALANCER_STATUS_JSON, status);

        var fields = new ObjectMapper().readValue(json, new TypeReference<Map<String, Object>>() {});
        assertThat(fields.keySet())
                .containsExactly(Arrays.stream(status.getClass().getRecordComponents())
                        .map(component -> component.getName())
                        .toArray(String[]::new));
        assertThat(fields.get("serviceUid")).isEqualTo(status.serviceUid());
    }

    private static void assertAgrees(Class<?> type, Schema schema, String path) {
        assertThat(schema.getType()).as(path).isEqualTo(Schema.Type.RECORD);
        assertThat(schema.getName()).as(path).isEqualTo(type.getSimpleName());
        var components = type.getRecordComponents();
        assertThat(schema.getFields().stream().map(Schema.Field::name))
                .as("fields of " + path)
                .containsExactly(Arrays.stream(components)
                        .map(component -> component.getName())
                        .toArray(String[]::new));
        for (int i = 0; i < components.length; i++) {
            var field = schema.getFields().get(i);
            assertComponent(components[i].getAnnotatedType(), field.schema(), path + "." + field.name());
        }
    }

    private static void assertComponent(AnnotatedType type, Schema schema, String path) {
        var nullable = type.isAnnotationPresent(Nullable.class);
        assertThat(schema.getType() == Schema.Type.UNION)
                .as(path + " is a union of null exactly when it is @Nullable")
                .isEqualTo(nullable);
        if (nullable) {
            assertThat(schema.getTypes()).as(path).hasSize(2);
            assertThat(schema.getTypes().getFirst().getType()).as(path).isEqualTo(Schema.Type.NULL);
        }
        assertValue(type, nullable ? schema.getTypes().get(1) : schema, path);
    }

    private static void assertValue(AnnotatedType annotated, Schema schema, String path) {
        switch (schema.getType()) {
            case ARRAY -> {
                var generic = (AnnotatedParameterizedType) annotated;
                var raw = ((ParameterizedType) generic.getType()).getRawType();
                if (raw == Map.class) {
                    assertThat(schema.getElementType().getName()).as(path).isEqualTo("KeyValue");
                } else {
                    assertThat(raw).as(path).isEqualTo(List.class);
                    assertComponent(generic.getAnnotatedActualTypeArguments()[0], schema.getElementType(), path + "[]");
                }
            }
            case RECORD -> assertAgrees((Class<?>) annotated.getType(), schema, path);
            case ENUM -> assertEnum((Class<?>) annotated.getType(), schema, path);
            case STRING -> assertThat(annotated.getType()).as(path).isEqualTo(String.class);
            case INT -> assertThat(annotated.getType()).as(path).isIn(int.class, Integer.class);
            case LONG -> assertThat(annotated.getType()).as(path).isIn(long.class, Long.class);
            case BOOLEAN -> assertThat(annotated.getType()).as(path).isEqualTo(boolean.class);
            default -> throw new AssertionError(path + " has type " + schema.getType());
        }
    }

    private static void assertEnum(Class<?> type, Schema schema, String path) {
        assertThat(schema.getName()).as(path).isEqualTo(type.getSimpleName());
        assertThat(schema.getEnumSymbols())
                .as(path)
                .containsExactly(Arrays.stream(type.getEnumConstants())
                        .map(constant -> ((Enum<?>) constant).name())
                        .toArray(String[]::new));
    }

    private static void assertDocumented(Schema schema, String path) {
        switch (schema.getType()) {
            case RECORD -> {
                assertThat(schema.getDoc()).as("doc of " + path).isNotBlank();
                for (var field : schema.getFields()) {
                    assertThat(field.doc())
                            .as("doc of " + path + "." + field.name())
                            .isNotBlank();
                    assertDocumented(field.schema(), path + "." + field.name());
                }
            }
            case ENUM -> assertThat(schema.getDoc()).as("doc of " + path).isNotBlank();
            case ARRAY -> assertDocumented(schema.getElementType(), path + "[]");
            case UNION -> schema.getTypes().forEach(branch -> assertDocumented(branch, path));
            default -> {}
        }
    }

    private static void assertUnknownByDefault(Schema schema) {
        switch (schema.getType()) {
            case RECORD -> schema.getFields().forEach(field -> assertUnknownByDefault(field.schema()));
            case ENUM ->
                assertThat(schema.getEnumDefault()).as(schema.getName()).isEqualTo("UNKNOWN");
            case ARRAY -> assertUnknownByDefault(schema.getElementType());
            case UNION -> schema.getTypes().forEach(ContractRecordsTest::assertUnknownByDefault);
            default -> {}
        }
    }
}
