package io.ballast.schemas;

/** Bytes that are no value of their topic. The message says what is wrong with them. */
public final class UndecodableException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    UndecodableException(String message, Throwable cause) {
        super(message, cause);
    }

    UndecodableException(String message) {
        super(message);
    }
}
