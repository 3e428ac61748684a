package io.ballast.runtime.config;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** Texts with a unit. */
final class Units {
    private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,15})([A-Za-z]*)");

    private Units() {}

    /** "250ms", "30s", "5m", "2h" or "7d"; empty for anything else, also for a number without a unit. */
    static Optional<Duration> duration(String text) {
        var amount = AMOUNT.matcher(text);
        if (!amount.matches()) {
            return Optional.empty();
        }
        long number = Long.parseLong(amount.group(1));
        return switch (amount.group(2)) {
            case "ms" -> Optional.of(Duration.ofMillis(number));
            case "s" -> Optional.of(Duration.ofSeconds(number));
            case "m" -> Optional.of(Duration.ofMinutes(number));
            case "h" -> Optional.of(Duration.ofHours(number));
            case "d" -> Optional.of(Duration.ofDays(Math.min(number, 10_000_000)));
            default -> Optional.empty();
        };
    }

    /** The shortest text that {@link #duration} reads as the same; whole milliseconds. */
    static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 3_600_000 == 0 && millis != 0) {
            return millis / 3_600_000 + "h";
        }
        if (millis % 60_000 == 0 && millis != 0) {
            return millis / 60_000 + "m";
        }
        return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }

    /** Bytes in "512B", "64KiB", "16MiB" or "1GiB"; empty for anything else, also for a number without a unit. */
    static Optional<Long> bytes(String text) {
        var amount = AMOUNT.matcher(text);
        if (!amount.matches() || amount.group(1).length() > 9) {
            return Optional.empty();
        }
        long number = Long.parseLong(amount.group(1));
        return switch (amount.group(2)) {
            case "B" -> Optional.of(number);
            case "KiB" -> Optional.of(number << 10);
            case "MiB" -> Optional.of(number << 20);
            case "GiB" -> Optional.of(number << 30);
            default -> Optional.empty();
        };
    }
}
