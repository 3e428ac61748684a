package io.ballast.runtime.kafka;

/** Failures in words. */
final class Failures {
    private Failures() {}

    /** The kind and message of the innermost cause, which is the one that says something. */
    static String words(Throwable failure) {
        var innermost = failure;
        for (var cause = failure.getCause(); cause != null && cause != innermost; cause = cause.getCause()) {
            innermost = cause;
        }
        var message = innermost.getMessage();
        var kind = innermost.getClass().getSimpleName();
        return message == null ? kind : kind + ": " + message;
    }
}
