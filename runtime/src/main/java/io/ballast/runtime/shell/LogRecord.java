package io.ballast.runtime.shell;

import io.ballast.schemas.contract.InOrder;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One record as it lies in the log. Its bytes are not copied: nobody may change them. */
public final class LogRecord {
    private final TopicPartition at;
    private final long offset;
    private final String key;
    private final byte @Nullable [] value;
    private final Map<String, String> headers;

    /** A record with a null value is a tombstone. */
    public LogRecord(TopicPartition at, long offset, String key, byte @Nullable [] value, Map<String, String> headers) {
        this.at = at;
        this.offset = offset;
        this.key = key;
        this.value = value;
        this.headers = InOrder.copyOf(headers);
    }

    public TopicPartition at() {
        return at;
    }

    public long offset() {
        return offset;
    }

    public String key() {
        return key;
    }

    public byte @Nullable [] value() {
        return value;
    }

    public Map<String, String> headers() {
        return headers;
    }

    @Override
    public String toString() {
        return at + "@" + offset + " " + key + (value == null ? " tombstone" : " " + value.length + " bytes");
    }
}
