package io.ballast.translator.translation;

import org.jspecify.annotations.Nullable;

/**
 * Timeouts of listeners, in milliseconds; null leaves Octavia's default. Source: Octavia API v2, listeners.
 *
 * @param clientData inactivity of the client
 * @param memberConnect time to connect to a member
 * @param memberData inactivity of the member
 * @param tcpInspect time to wait for more of a TCP packet
 */
public record ListenerTimeouts(
        @Nullable Integer clientData,
        @Nullable Integer memberConnect,
        @Nullable Integer memberData,
        @Nullable Integer tcpInspect) {
    /** Longest timeout Octavia takes: one day. Source: Octavia, MAX_TIMEOUT. */
    public static final int MILLIS_MAX = 86_400_000;

    /** Octavia's defaults. */
    public static final ListenerTimeouts DEFAULT = new ListenerTimeouts(null, null, null, null);

    boolean isDefault() {
        return equals(DEFAULT);
    }

    /** These, and for each that is null the other's. */
    ListenerTimeouts or(ListenerTimeouts other) {
        return new ListenerTimeouts(
                clientData != null ? clientData : other.clientData,
                memberConnect != null ? memberConnect : other.memberConnect,
                memberData != null ? memberData : other.memberData,
                tcpInspect != null ? tcpInspect : other.tcpInspect);
    }
}
