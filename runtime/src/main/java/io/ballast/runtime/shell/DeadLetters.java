package io.ballast.runtime.shell;

import io.ballast.schemas.Topics;
import java.time.Instant;
import java.util.TreeMap;

/** Records that cannot be read, put aside with their bytes and the cause in headers. */
final class DeadLetters {
    private DeadLetters() {}

    static LogWrite write(String service, LogRecord record, String fault, Instant now) {
        var key = record.at().topic() + "/" + record.at().partition() + "/" + record.offset();
        var headers =
                new TreeMap<>(RecordHeaders.of(service, Topics.DEAD_LETTERS, key, record.value(), Cause.NONE, now));
        headers.put("dead-letter-service", service);
        headers.put("dead-letter-topic", record.at().topic());
        headers.put("dead-letter-partition", Integer.toString(record.at().partition()));
        headers.put("dead-letter-offset", Long.toString(record.offset()));
        headers.put("dead-letter-key", record.key());
        headers.put("dead-letter-reason", fault);
        return new LogWrite(new TopicPartition(Topics.DEAD_LETTERS.name(), 0), key, record.value(), headers);
    }
}
