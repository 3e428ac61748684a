package io.ballast.runtime.shell;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How many rows of the owned partitions carry each label. Changed by the thread of the shell, read by any.
 *
 * @param <L> labels, with equality
 */
public final class RowCounts<L> {
    private final Map<Integer, Map<String, L>> labels = new HashMap<>();
    private final Map<L, Long> counts = new HashMap<>();

    /** Counts the rows of a partition that is opened. */
    public synchronized <V> void opened(int partition, Map<String, V> rows, Function<V, L> label) {
        closed(partition);
        rows.forEach((key, value) -> put(partition, key, label.apply(value)));
    }

    /** Forgets the rows of a partition. */
    public synchronized void closed(int partition) {
        var known = labels.remove(partition);
        if (known != null) {
            known.values().forEach(label -> counts.merge(label, -1L, Long::sum));
        }
    }

    /** A row has this label now; null: there is no such row any more. */
    public synchronized void put(int partition, String key, @Nullable L label) {
        var known = labels.computeIfAbsent(partition, ignored -> new HashMap<>());
        var before = label == null ? known.remove(key) : known.put(key, label);
        if (before != null) {
            counts.merge(before, -1L, Long::sum);
        }
        if (label != null) {
            counts.merge(label, 1L, Long::sum);
        }
    }

    /** Rows with this label. */
    public synchronized long count(L label) {
        return counts.getOrDefault(label, 0L);
    }
}
