package io.ballast.runtime.shell;

import io.ballast.schemas.Topic;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The headers of our records: CloudEvents in binary mode, W3C trace context and when the change was observed. */
final class RecordHeaders {
    private static final String TRACEPARENT = "traceparent";
    private static final String OBSERVED_AT = "observed-at";
    private static final int TRACEPARENT_LENGTH = 55;

    private RecordHeaders() {}

    /** The headers of a record; {@code ce_id} depends on topic, key and value only, so doubles can be told. */
    static Map<String, String> of(
            String service, Topic<?> topic, String key, byte @Nullable [] value, Cause cause, Instant now) {
        var headers = new TreeMap<String, String>();
        headers.put("ce_specversion", "1.0");
        headers.put("ce_id", uuid(topic.name() + "|" + key, value).toString());
        headers.put("ce_source", "/ballast/" + service);
        headers.put("ce_type", "io.ballast." + topic.type().getSimpleName());
        headers.put("ce_time", now.toString());
        headers.put(
                "content-type",
                switch (topic.format()) {
                    case AVRO -> "application/avro";
                    case JSON -> "application/json";
                    case TEXT -> "text/plain";
                    case BYTES -> "application/octet-stream";
                });
        headers.put(TRACEPARENT, traceparent(service, key, cause, now));
        headers.put(OBSERVED_AT, (cause.observedAt() == null ? now : cause.observedAt()).toString());
        return headers;
    }

    /** The cause that the headers of a record are for what follows from it; parts that do not parse are left out. */
    static Cause cause(Map<String, String> headers) {
        var trace = headers.get(TRACEPARENT);
        return new Cause(
                trace != null && trace.length() == TRACEPARENT_LENGTH ? trace : null,
                instant(headers.get(OBSERVED_AT)));
    }

    private static String traceparent(String service, String key, Cause cause, Instant now) {
        var span = uuid(service + "|" + key + "|" + now, null).getMostSignificantBits();
        var given = cause.traceparent();
        var trace = given == null ? hex(uuid(key + "|" + now, null)) : given.substring(3, 35);
        return "00-" + trace + "-" + HexFormat.of().toHexDigits(span) + "-01";
    }

    private static String hex(UUID uuid) {
        return HexFormat.of().toHexDigits(uuid.getMostSignificantBits())
                + HexFormat.of().toHexDigits(uuid.getLeastSignificantBits());
    }

    private static UUID uuid(String text, byte @Nullable [] more) {
        var head = text.getBytes(StandardCharsets.UTF_8);
        var buffer = ByteBuffer.allocate(head.length + (more == null ? 0 : more.length))
                .put(head);
        if (more != null) {
            buffer.put(more);
        }
        return UUID.nameUUIDFromBytes(buffer.array());
    }

    private static @Nullable Instant instant(@Nullable String text) {
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
