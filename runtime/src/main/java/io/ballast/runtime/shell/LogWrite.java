package io.ballast.runtime.shell;

import io.ballast.schemas.contract.InOrder;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One record to be written. Its bytes are not copied: nobody may change them. */
public final class LogWrite {
    private final TopicPartition to;
    private final String key;
    private final byte @Nullable [] value;
    private final Map<String, String> headers;

    /** A write with a null value is a tombstone. */
    public LogWrite(TopicPartition to, String key, byte @Nullable [] value, Map<String, String> headers) {
        this.to = to;
        this.key = key;
        this.value = value;
        this.headers = InOrder.copyOf(headers);
    }

    public TopicPartition to() {
        return to;
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
        return to + " " + key + (value == null ? " tombstone" : " " + value.length + " bytes");
    }
}
