package io.ballast.openstack;

import java.util.Set;

/** How a request ended, for measurements: a closed list. */
public enum RestOutcome {
    /** 1xx to 3xx, or 404: an answer like any other. */
    DONE,
    /** 409: immutable, busy, in use or a duplicate. */
    CONFLICT,
    /** 401, 403, 429: credentials, rights, quota, rate. */
    DENIED,
    /** Any other 4xx. */
    REFUSED,
    /** 5xx. */
    BROKEN,
    /** No answer came. */
    UNANSWERED;

    /** Codes that are told apart; any other is {@code other}. */
    private static final Set<Integer> CODES =
            Set.of(200, 201, 202, 204, 300, 400, 401, 403, 404, 405, 409, 413, 429, 500, 501, 502, 503, 504);

    /** The HTTP status as a label: a closed list; {@code none} without an answer. */
    static String codeOf(RestReply reply) {
        return switch (reply) {
            case RestReply.Unanswered _ -> "none";
            case RestReply.Answered answered ->
                CODES.contains(answered.status()) ? Integer.toString(answered.status()) : "other";
        };
    }

    public static RestOutcome of(RestReply reply) {
        return switch (reply) {
            case RestReply.Unanswered _ -> UNANSWERED;
            case RestReply.Answered answered -> of(answered.status());
        };
    }

    private static RestOutcome of(int status) {
        if (status < 400 || status == 404) {
            return DONE;
        }
        return switch (status) {
            case 409 -> CONFLICT;
            case 401, 403, 429 -> DENIED;
            default -> status < 500 ? REFUSED : BROKEN;
        };
    }
}
