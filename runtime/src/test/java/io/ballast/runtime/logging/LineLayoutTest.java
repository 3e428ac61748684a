package io.ballast.runtime.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class LineLayoutTest {
    @Test
    void printsValuesAfterTheMessage() {
        // When
        var line = line("load balancer created", null, "service", "a/b", "reason", "two words");

        // Then
        assertThat(line).endsWith(" INFO LineLayoutTest load balancer created service=a/b reason=\"two words\"\n");
    }

    @Test
    void keepsHostileTextWithinItsValue() {
        // When
        var line = line(
                "told",
                null,
                "name",
                "x\r\n2026 ERROR forged \u001b[2J \u202e \u2028 \" a=b \\ ${jndi:x} %n",
                "next",
                "1");

        // Then
        assertThat(line.lines()).hasSize(1);
        assertThat(line)
                .contains(
                        "name=\"x\\u000d\\u000a2026 ERROR forged \\u001b[2J \\u202e \\u2028 \\\" a=b \\\\ ${jndi:x} %n\" next=1");
    }

    @Test
    void keepsAFailureOnTheSameLine() {
        // When
        var line = line("failed", new IllegalStateException("a\nb", new IllegalArgumentException("inner")));

        // Then
        assertThat(line.lines()).hasSize(1);
        assertThat(line)
                .contains("error=\"java.lang.IllegalStateException: a\\u000ab\" at=\"")
                .contains("inner");
    }

    private static String line(String message, @Nullable Throwable thrown, String... pairs) {
        var context = new LoggerContext();
        var logger = context.getLogger(LineLayoutTest.class);
        var event = new LoggingEvent("", logger, Level.INFO, message, thrown, new Object[0]);
        for (int i = 0; i < pairs.length; i += 2) {
            event.addKeyValuePair(new KeyValuePair(pairs[i], pairs[i + 1]));
        }
        return new LineLayout().doLayout(event);
    }
}
