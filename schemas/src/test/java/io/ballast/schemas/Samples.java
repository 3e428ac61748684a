package io.ballast.schemas;

import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Contract records made by reflection: the same record class gives the same values in every run. They obey the types and
 * say nothing about meaning.
 */
final class Samples {
    /** How much of a record is filled. */
    enum Filling {
        /** Every nullable component has a value, every list and map two entries. */
        FULL,
        /** Every nullable component is null, every list and map empty. */
        BARE
    }

    private final Filling filling;
    private int next;

    private Samples(Filling filling) {
        this.filling = filling;
    }

    static <R> R of(Class<R> type, Filling filling) {
        return type.cast(new Samples(filling).record(type));
    }

    /** The records that have a schema of their own, in the order of their topics. */
    static List<Class<?>> topLevel() {
        return Topics.ALL.stream()
                .filter(topic -> topic.format() == Topic.Format.AVRO)
                .<Class<?>>map(Topic::type)
                .distinct()
                .toList();
    }

    /** The Avro topic that carries a record. */
    @SuppressWarnings("unchecked")
    static Topic<Record> topicOf(Class<?> type) {
        return (Topic<Record>) Topics.ALL.stream()
                .filter(topic -> topic.format() == Topic.Format.AVRO && topic.type() == type)
                .findFirst()
                .orElseThrow();
    }

    private Object record(Class<?> type) {
        var components = type.getRecordComponents();
        var arguments = new @Nullable Object[components.length];
        for (int i = 0; i < components.length; i++) {
            arguments[i] = component(components[i]);
        }
        try {
            var types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            return type.getConstructor(types).newInstance(arguments);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(type + " cannot be made from its types alone", e);
        }
    }

    private @Nullable Object component(RecordComponent component) {
        var nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
        return nullable && filling == Filling.BARE ? null : value(component.getName(), component.getAnnotatedType());
    }

    private Object value(String name, AnnotatedType annotated) {
        if (annotated instanceof AnnotatedParameterizedType generic) {
            var raw = ((ParameterizedType) generic.getType()).getRawType();
            return raw == Map.class ? map(name) : list(name, generic.getAnnotatedActualTypeArguments()[0]);
        }
        var type = (Class<?>) annotated.getType();
        if (type.isRecord()) {
            return record(type);
        }
        if (type.isEnum()) {
            var constants = type.getEnumConstants();
            return constants[1 + next++ % (constants.length - 1)];
        }
        if (type == boolean.class) {
            return next++ % 2 == 0;
        }
        if (type == int.class || type == Integer.class) {
            return 1_000 + next++;
        }
        if (type == long.class || type == Long.class) {
            return 5_000_000_000L + next++;
        }
        if (type == String.class) {
            return name + "-" + next++ + "-é";
        }
        throw new AssertionError("the contract does not use " + type);
    }

    private List<Object> list(String name, AnnotatedType element) {
        return filling == Filling.BARE
                ? List.of()
                : IntStream.range(0, 2).mapToObj(_ -> value(name, element)).toList();
    }

    private Map<String, String> map(String name) {
        var map = new TreeMap<String, String>();
        if (filling == Filling.FULL) {
            map.put("b/" + name, "value-" + next++);
            map.put("a/" + name, "");
        }
        return map;
    }
}
