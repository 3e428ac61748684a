package io.ballast.watcher.kafka;

import io.ballast.watcher.snapshot.Kind;
import io.ballast.watcher.snapshot.Rules;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/**
 * How one cluster is watched.
 *
 * @param rules what the operator configured for it
 * @param nodes whether nodes are watched
 * @param comparison time between two full comparisons
 * @param silence how long a watch may give no sign of life before it is started anew
 */
public record WatcherSettings(Rules rules, boolean nodes, Duration comparison, Duration silence) {
    /** The kinds that are watched. */
    Set<Kind> kinds() {
        return nodes ? EnumSet.allOf(Kind.class) : EnumSet.of(Kind.NAMESPACES, Kind.SERVICES, Kind.SLICES);
    }
}
