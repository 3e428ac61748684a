package io.ballast.runtime.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.LayoutBase;
import org.jspecify.annotations.Nullable;

/**
 * One line for each event: time, level, logger, message, then {@code key=value}. Values with anything but plain letters
 * are quoted, and what could break or hide a line is escaped, so that text a tenant writes stays a value.
 */
public final class LineLayout extends LayoutBase<ILoggingEvent> {
    private static final int FRAMES_MAX = 12;
    private static final int VALUE_LENGTH_MAX = 2000;

    @Override
    public String doLayout(ILoggingEvent event) {
        var line = new StringBuilder(200)
                .append(event.getInstant())
                .append(' ')
                .append(event.getLevel())
                .append(' ')
                .append(lastPart(event.getLoggerName()))
                .append(' ');
        escape(line, event.getFormattedMessage());
        var pairs = event.getKeyValuePairs();
        if (pairs != null) {
            pairs.forEach(pair -> value(line.append(' '), pair.key, String.valueOf(pair.value)));
        }
        throwable(line, event.getThrowableProxy());
        return line.append('\n').toString();
    }

    private static void throwable(StringBuilder line, @Nullable IThrowableProxy thrown) {
        if (thrown == null) {
            return;
        }
        value(line.append(' '), "error", thrown.getClassName() + ": " + thrown.getMessage());
        var at = new StringBuilder();
        var frames = thrown.getStackTraceElementProxyArray();
        for (int i = 0; i < Math.min(frames.length, FRAMES_MAX); i++) {
            at.append(i == 0 ? "" : " < ").append(frames[i].getStackTraceElement());
        }
        value(line.append(' '), "at", at.toString());
        if (thrown.getCause() != thrown) {
            throwable(line, thrown.getCause());
        }
    }

    private static void value(StringBuilder line, String key, String value) {
        line.append(key).append('=');
        if (isPlain(value)) {
            line.append(value);
        } else {
            line.append('"');
            escape(line, value.length() > VALUE_LENGTH_MAX ? value.substring(0, VALUE_LENGTH_MAX) + "…" : value);
            line.append('"');
        }
    }

    private static boolean isPlain(String value) {
        return !value.isEmpty()
                && value.length() <= VALUE_LENGTH_MAX
                && value.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '"' && c != '=' && c != '\\');
    }

    private static void escape(StringBuilder line, String text) {
        text.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                line.append('\\').append((char) c);
            } else if (isDangerous(c)) {
                line.append(c <= 0xffff ? "\\u%04x".formatted(c) : "\\U%08x".formatted(c));
            } else {
                line.appendCodePoint(c);
            }
        });
    }

    /** Ends a line, moves the cursor, reverses the direction of writing, or shows nothing at all. */
    private static boolean isDangerous(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> true;
            default -> false;
        };
    }

    private static String lastPart(String logger) {
        return logger.substring(logger.lastIndexOf('.') + 1);
    }
}
