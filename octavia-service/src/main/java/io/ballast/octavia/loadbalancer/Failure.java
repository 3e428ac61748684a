package io.ballast.octavia.loadbalancer;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Why a call did not do what it should; classified once, where the reply is read.
 *
 * @param kind what follows from it
 * @param status HTTP status; 0 when there was no answer
 * @param message what OpenStack said, or what happened on the way
 * @param requestId OpenStack request id; null when none
 * @param retryAfter what the service asked to wait; null when it did not
 */
public record Failure(
        Kind kind,
        int status,
        String message,
        @Nullable String requestId,
        @Nullable Duration retryAfter) {
    /** What follows from it. */
    public enum Kind {
        /** The load balancer accepts no change now: look again. */
        IMMUTABLE,
        /** Something of that identity is there already: observe again. */
        CONFLICT,
        /** The VIP address is held: by one of ours that was not seen yet, or by somebody else. */
        ADDRESS_TAKEN,
        /** Octavia asks to come back later. */
        BUSY,
        /** It is not there. */
        GONE,
        /** The floating IP is not there. */
        FLOATING_IP_GONE,
        /** No router leads from the subnet of the VIP to the network of the floating IP. */
        NO_ROUTER_PATH,
        /** It is not possible; only another spec or configuration can help. */
        REFUSED,
        /** The credentials, or a role, are missing. */
        FORBIDDEN,
        /** A quota is used up. */
        QUOTA,
        /** The request never reached the service. */
        UNREACHABLE,
        /** The service broke, or never answered: it may have been done. */
        UNKNOWN
    }

    /** Whether the service read the request and did nothing of it. */
    boolean isAnswer() {
        return switch (kind) {
            case CONFLICT, ADDRESS_TAKEN, BUSY, NO_ROUTER_PATH, REFUSED, FORBIDDEN, QUOTA -> true;
            case IMMUTABLE, GONE, FLOATING_IP_GONE, UNREACHABLE, UNKNOWN -> false;
        };
    }

    /** Whether nothing answered at all, so that others will fare the same. */
    public boolean isSilence() {
        return status == 0 && (kind == Kind.UNREACHABLE || kind == Kind.UNKNOWN);
    }

    /** Whether the provider said that it cannot do it: asking again, without another spec or configuration, is of no use. */
    public boolean isFinal() {
        return kind == Kind.REFUSED && status == 501;
    }

    /** The same in other words. */
    public Failure withMessage(String words) {
        return new Failure(kind, status, words, requestId, retryAfter);
    }

    /** Whether the write may have been done all the same. */
    public boolean isUncertain() {
        return kind == Kind.UNKNOWN;
    }
}
