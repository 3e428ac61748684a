package io.ballast.schemas;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericArray;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericEnumSymbol;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Turns contract records into Avro's generic records and back, component by component in the order of the schema. A map
 * is an array of key and value, sorted by key; null is the null of a union. It knows what the contract uses: records,
 * enums, lists, maps of text, text, numbers and booleans.
 */
final class RecordMapper {
    private static final Map<Class<?>, Shape> SHAPES = new ConcurrentHashMap<>();

    private RecordMapper() {}

    static IndexedRecord toAvro(Record value, Schema schema) {
        var shape = SHAPES.computeIfAbsent(value.getClass(), Shape::of);
        var result = new GenericData.Record(schema);
        for (var field : schema.getFields()) {
            result.put(field.pos(), valueToAvro(shape.get(field.pos(), value), field.schema()));
        }
        return result;
    }

    static <V> V fromAvro(IndexedRecord avro, Class<V> type) {
        var shape = SHAPES.computeIfAbsent(type, Shape::of);
        var arguments = new @Nullable Object[shape.types.size()];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = valueFromAvro(avro.get(i), shape.types.get(i));
        }
        return type.cast(shape.create(arguments));
    }

    private static @Nullable Object valueToAvro(@Nullable Object value, Schema schema) {
        return switch (value) {
            case null -> null;
            case Object present
            when schema.getType() == Schema.Type.UNION ->
                valueToAvro(present, schema.getTypes().get(1));
            case Record nested -> toAvro(nested, schema);
            case Enum<?> symbol -> new GenericData.EnumSymbol(schema, symbol.name());
            case List<?> list -> {
                var array = new GenericData.Array<@Nullable Object>(list.size(), schema);
                list.forEach(element -> array.add(valueToAvro(element, schema.getElementType())));
                yield array;
            }
            case Map<?, ?> map -> {
                var array = new GenericData.Array<IndexedRecord>(map.size(), schema);
                map.forEach((key, text) -> array.add(entryToAvro(key, text, schema.getElementType())));
                yield array;
            }
            default -> value;
        };
    }

    private static IndexedRecord entryToAvro(Object key, Object value, Schema schema) {
        var entry = new GenericData.Record(schema);
        entry.put(0, key);
        entry.put(1, value);
        return entry;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static @Nullable Object valueFromAvro(@Nullable Object value, Type type) {
        return switch (value) {
            case null -> null;
            case IndexedRecord record -> fromAvro(record, (Class<?>) type);
            case GenericEnumSymbol<?> symbol -> Enum.valueOf((Class<Enum>) type, symbol.toString());
            case GenericArray<?> array
            when ((ParameterizedType) type).getRawType() == Map.class -> {
                var map = new TreeMap<String, String>();
                array.forEach(entry -> map.put(
                        ((IndexedRecord) entry).get(0).toString(),
                        ((IndexedRecord) entry).get(1).toString()));
                yield map;
            }
            case GenericArray<?> array -> {
                var element = ((ParameterizedType) type).getActualTypeArguments()[0];
                var list = new ArrayList<@Nullable Object>(array.size());
                array.forEach(item -> list.add(valueFromAvro(item, element)));
                yield list;
            }
            case CharSequence text -> text.toString();
            default -> value;
        };
    }

    /** Accessors, component types and canonical constructor of a record class. */
    private record Shape(List<MethodHandle> accessors, List<Type> types, MethodHandle constructor) {
        static Shape of(Class<?> type) {
            var components = type.getRecordComponents();
            var lookup = MethodHandles.publicLookup();
            try {
                var accessors = new ArrayList<MethodHandle>(components.length);
                for (var component : components) {
                    accessors.add(lookup.unreflect(component.getAccessor())
                            .asType(MethodType.methodType(Object.class, Object.class)));
                }
                var raw =
                        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
                var types = Arrays.stream(components)
                        .map(RecordComponent::getGenericType)
                        .toList();
                var constructor = lookup.findConstructor(type, MethodType.methodType(void.class, raw))
                        .asSpreader(Object[].class, components.length)
                        .asType(MethodType.methodType(Object.class, Object[].class));
                return new Shape(accessors, types, constructor);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(type.getName() + " is no public record", e);
            }
        }

        @Nullable
        Object get(int index, Object record) {
            try {
                return accessors.get(index).invokeExact(record);
            } catch (Throwable e) {
                throw new IllegalStateException("cannot read component " + index + " of " + record.getClass(), e);
            }
        }

        Object create(@Nullable Object[] arguments) {
            try {
                return constructor.invokeExact(arguments);
            } catch (IllegalArgumentException e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalArgumentException("cannot create a record: " + e.getMessage(), e);
            }
        }
    }
}
