package io.ballast.testbed.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Collects what is wrong with an object, in the words of {@code k8s.io/apimachinery/pkg/util/validation/field}. */
final class FieldErrors {
    private final List<ApiError.Cause> causes = new ArrayList<>();

    /** Text that already has its Go spelling, such as {@code []string{"a"}}. */
    record Literal(String text) {}

    static Literal strings(List<String> values) {
        return new Literal(values.stream().map(FieldErrors::quote).collect(Collectors.joining(", ", "[]string{", "}")));
    }

    void required(String field, String detail) {
        add("FieldValueRequired", "Required value" + (detail.isEmpty() ? "" : ": " + detail), field);
    }

    void invalid(String field, Object value, String detail) {
        add("FieldValueInvalid", "Invalid value: " + go(value) + ": " + detail, field);
    }

    void duplicate(String field, Object value) {
        add("FieldValueDuplicate", "Duplicate value: " + go(value), field);
    }

    void forbidden(String field, String detail) {
        add("FieldValueForbidden", "Forbidden: " + detail, field);
    }

    void unsupported(String field, String value, String... supported) {
        var list = Stream.of(supported).sorted().map(FieldErrors::quote).collect(Collectors.joining(", "));
        add("FieldValueNotSupported", "Unsupported value: " + quote(value) + ": supported values: " + list, field);
    }

    void tooLong(String field, int limit) {
        add("FieldValueTooLong", "Too long: may not be more than " + limit + " bytes", field);
    }

    private void add(String reason, String message, String field) {
        causes.add(new ApiError.Cause(reason, message, field));
    }

    private static String go(Object value) {
        return switch (value) {
            case Literal(var text) -> text;
            case String text -> quote(text);
            default -> value.toString();
        };
    }

    private static String quote(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    boolean isEmpty() {
        return causes.isEmpty();
    }

    void throwIfAny(ResourceType type, String name) {
        if (!causes.isEmpty()) {
            throw ApiError.invalid(type, name, causes);
        }
    }
}
