package io.ballast.testbed.command;

import io.ballast.testbed.stack.ChildProcess;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Starts again what ended by itself, as a Deployment would: at once the first time, later and later while it keeps ending. */
final class Watch {
    private static final Duration PAUSE_MAX = Duration.ofSeconds(30);
    private static final Duration LONG_ENOUGH = Duration.ofMinutes(1);

    /** When it was last started again, and how long to wait after it ends the next time. */
    private record Restart(Instant at, Duration pause) {}

    private final List<ChildProcess> watched;
    private final Consumer<String> say;
    private final Map<String, Restart> restarts = new HashMap<>();

    Watch(List<ChildProcess> watched, Consumer<String> say) {
        this.watched = watched;
        this.say = say;
    }

    /** Looks at each once. */
    void look(Instant now) {
        watched.stream().filter(each -> !each.isAlive()).forEach(each -> startAgain(each, now));
    }

    private void startAgain(ChildProcess ended, Instant now) {
        var last = restarts.getOrDefault(ended.name(), new Restart(Instant.EPOCH, Duration.ZERO));
        if (now.isBefore(last.at().plus(last.pause()))) {
            return;
        }
        boolean wasWell = now.isAfter(last.at().plus(LONG_ENOUGH));
        restarts.put(ended.name(), new Restart(now, wasWell ? Duration.ofSeconds(2) : longer(last.pause())));
        int code = ended.exitCode();
        ended.restart();
        say.accept(
                "%s ended with exit code %d and is started again, pid %d".formatted(ended.name(), code, ended.pid()));
    }

    private static Duration longer(Duration pause) {
        var twice = pause.multipliedBy(2);
        return twice.compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : twice;
    }
}
