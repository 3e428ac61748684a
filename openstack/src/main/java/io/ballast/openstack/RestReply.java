package io.ballast.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What became of a request. */
public sealed interface RestReply {
    /**
     * The service answered, whatever the status.
     *
     * @param status HTTP status
     * @param body JSON; a missing node when there was none, a text node when it was no JSON
     * @param requestId X-Openstack-Request-Id; null when absent
     * @param retryAfter Retry-After; null when absent
     */
    record Answered(
            int status,
            JsonNode body,
            @Nullable String requestId,
            @Nullable Duration retryAfter) implements RestReply {
        public boolean isSuccess() {
            return status >= 200 && status < 300;
        }
    }

    /**
     * No answer came.
     *
     * @param reason what happened, in words
     * @param wasSent whether the request may have reached the service, so that it may have been done
     * @param isOffered whether the cloud has such a service at all, as far as its catalogue says
     */
    record Unanswered(String reason, boolean wasSent, boolean isOffered) implements RestReply {
        /** Of a service that the cloud has. */
        public Unanswered(String reason, boolean wasSent) {
            this(reason, wasSent, true);
        }
    }
}
