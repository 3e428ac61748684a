package io.ballast.openstack;

import java.net.ConnectException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import org.jspecify.annotations.Nullable;

/** Failures of a connection in words: those of the JDK's client often have no message. */
final class ConnectionWords {
    private ConnectionWords() {}

    static String of(@Nullable Throwable failure) {
        if (failure == null) {
            return "no answer";
        }
        if (failure.getMessage() != null) {
            return failure.getMessage();
        }
        return failure instanceof ConnectException ? unconnected(failure) : failure.toString();
    }

    private static String unconnected(Throwable failure) {
        for (var cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) {
                return "the host name is not known";
            }
            if (cause instanceof ClosedChannelException) {
                return "connection refused";
            }
        }
        return "no connection";
    }
}
