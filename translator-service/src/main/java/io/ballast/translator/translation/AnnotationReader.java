package io.ballast.translator.translation;

import io.ballast.schemas.contract.DesiredReason;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Values of annotations. One that does not parse is a finding, and empty. */
record AnnotationReader(Map<String, String> annotations, Findings findings) {
    private static final Pattern PRINTABLE = Pattern.compile("[\\x21-\\x2b\\x2d-\\x7e]{1,255}");

    boolean has(Annotation annotation) {
        return annotation.in(annotations).isPresent();
    }

    /** The name under which it is given; ours when it is not. */
    String nameOf(Annotation annotation) {
        return annotation.in(annotations).map(Map.Entry::getKey).orElse(annotation.ourName());
    }

    <T> Optional<T> read(Annotation annotation, String expected, Function<String, Optional<T>> parse) {
        return annotation.in(annotations).flatMap(given -> {
            var value = parse.apply(given.getValue());
            if (value.isEmpty()) {
                refuse("Annotation %s is '%s', expected %s"
                        .formatted(given.getKey(), Findings.shown(given.getValue()), expected));
            }
            return value;
        });
    }

    void refuse(String message) {
        findings.refuse(DesiredReason.INVALID_ANNOTATION, message);
    }

    /** Absent is false; what does not parse is {@code instead}, which is the safer of the two. */
    boolean truth(Annotation annotation, boolean instead) {
        return has(annotation) && truth(annotation).orElse(instead);
    }

    Optional<Boolean> truth(Annotation annotation) {
        return read(annotation, "true or false", text -> switch (text) {
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> Optional.empty();
        });
    }

    /** A constant in small letters with dashes. */
    <E extends Enum<E>> Optional<E> word(Annotation annotation, List<E> values) {
        return constant(
                annotation, values, each -> each.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    /** A constant as OpenStack spells it. */
    <E extends Enum<E>> Optional<E> symbol(Annotation annotation, List<E> values) {
        return constant(annotation, values, Enum::name);
    }

    private <E extends Enum<E>> Optional<E> constant(
            Annotation annotation, List<E> values, Function<E, String> spelling) {
        var expected = values.stream().map(spelling).collect(Collectors.joining(", "));
        return read(
                annotation,
                "one of " + expected,
                text -> values.stream()
                        .filter(value -> spelling.apply(value).equals(text))
                        .findFirst());
    }

    OptionalInt integer(Annotation annotation, int min, int max, String unit) {
        return read(
                        annotation,
                        "%san integer in %d..%d".formatted(unit.isEmpty() ? "" : unit + ", ", min, max),
                        text -> decimal(text, min, max))
                .map(OptionalInt::of)
                .orElseGet(OptionalInt::empty);
    }

    /** An id or a name: printable, without blanks and commas. */
    Optional<String> idOrName(Annotation annotation) {
        return read(
                annotation,
                "an id or a name, 1..255 printable characters without blanks and commas",
                text -> Optional.of(text).filter(each -> PRINTABLE.matcher(each).matches()));
    }

    /** The same, several, joined by commas; sorted, each once; empty when there is none or one of them is wrong. */
    Optional<List<String>> idsOrNames(Annotation annotation, int max) {
        return read(
                annotation,
                "1..%d texts joined by commas, each of 1..255 printable characters without blanks".formatted(max),
                text -> {
                    var parts = Arrays.stream(text.split(",", -1))
                            .map(String::strip)
                            .sorted()
                            .distinct()
                            .toList();
                    return Optional.of(parts)
                            .filter(all -> all.size() <= max
                                    && all.stream()
                                            .allMatch(each ->
                                                    PRINTABLE.matcher(each).matches()));
                });
    }

    private static Optional<Integer> decimal(String text, int min, int max) {
        if (!text.matches("-?[0-9]{1,10}")) {
            return Optional.empty();
        }
        long number = Long.parseLong(text);
        return number < min || number > max ? Optional.empty() : Optional.of((int) number);
    }
}
