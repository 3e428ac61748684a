package io.ballast.runtime.config;

/**
 * A text that must not be seen: it prints as {@code ***}.
 *
 * @param reveal the text itself, for the one place that needs it
 */
public record Secret(String reveal) {
    /** What is printed in its place. */
    public static final String MASK = "***";

    @Override
    public String toString() {
        return MASK;
    }
}
