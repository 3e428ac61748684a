package io.ballast.runtime.kafka;

import io.ballast.runtime.shell.Effect;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** What the shell reports, as log lines. */
final class Reports {
    private static final Logger LOGGER = LoggerFactory.getLogger("io.ballast.shell");

    private Reports() {}

    /** The values are names and values in turn; a failure becomes the cause of the line. */
    static void log(Effect.Report<?> report) {
        var level =
                switch (report.level()) {
                    case INFO -> Level.INFO;
                    case WARN -> Level.WARN;
                    case ERROR -> Level.ERROR;
                };
        var line = LOGGER.atLevel(level);
        var values = report.values();
        for (int i = 0; i + 1 < values.size(); i += 2) {
            line = values.get(i + 1) instanceof Throwable failure
                    ? line.setCause(failure)
                    : line.addKeyValue(String.valueOf(values.get(i)), values.get(i + 1));
        }
        line.log(report.message());
    }
}
