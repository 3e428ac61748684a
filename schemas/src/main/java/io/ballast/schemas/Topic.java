package io.ballast.schemas;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One topic: what lies in it, who writes it and how Kafka must keep it.
 *
 * @param <V> the contract record of its values; {@code String} for text, {@code byte[]} for dead letters
 * @param name name without the configured prefix
 * @param key what its key is, in words
 * @param type class of the values
 * @param format how values are encoded
 * @param keyed whether it has the configured number of partitions, one Service in one partition; otherwise it has one
 * @param policy how Kafka keeps its records
 * @param writers services that write it: watcher, translator, ipam, octavia, or ballast for the command line
 * @param readers services that read it, or tools
 */
public record Topic<V>(
        String name,
        String key,
        Class<V> type,
        Format format,
        boolean keyed,
        Policy policy,
        List<String> writers,
        List<String> readers) {
    /** How a value is encoded. */
    public enum Format {
        AVRO,
        JSON,
        TEXT,
        BYTES
    }

    /** How Kafka keeps records. */
    public enum Policy {
        /** A table: the newest value of each key. */
        TABLE("compact"),
        /** A history of 14 days. */
        HISTORY("delete"),
        /** Dead letters: the newest of each key, for 30 days. */
        DEAD_LETTERS("compact,delete");

        private final String cleanup;

        Policy(String cleanup) {
            this.cleanup = cleanup;
        }
    }

    private static final long HOUR_MILLIS = 3_600_000L;
    private static final long DAY_MILLIS = 24 * HOUR_MILLIS;

    public Topic {
        writers = List.copyOf(writers);
        readers = List.copyOf(readers);
    }

    /** Its partitions, given the configured number for keyed topics. */
    public int partitions(int keyedCount) {
        return keyed ? keyedCount : 1;
    }

    /**
     * Kafka topic settings by name, sorted. {@code min.insync.replicas} is not among them, because it follows from the
     * replication factor. Source: Kafka topic configuration.
     */
    public Map<String, String> settings() {
        var settings = new TreeMap<String, String>();
        settings.put("cleanup.policy", policy.cleanup);
        settings.put("unclean.leader.election.enable", "false");
        settings.put("max.message.bytes", Integer.toString(Topics.MESSAGE_BYTES_MAX));
        settings.put("segment.ms", Long.toString(6 * HOUR_MILLIS));
        switch (policy) {
            case TABLE -> {
                settings.put("delete.retention.ms", Long.toString(7 * DAY_MILLIS));
                settings.put("min.compaction.lag.ms", Long.toString(HOUR_MILLIS));
                settings.put("max.compaction.lag.ms", Long.toString(DAY_MILLIS));
            }
            case HISTORY -> settings.put("retention.ms", Long.toString(14 * DAY_MILLIS));
            case DEAD_LETTERS -> settings.put("retention.ms", Long.toString(30 * DAY_MILLIS));
        }
        return settings;
    }
}
