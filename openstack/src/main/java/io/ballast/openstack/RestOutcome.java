package io.ballast.openstack;

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
