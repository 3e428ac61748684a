package io.ballast.translator.translation;

/**
 * How default/kubernetes is served where everything is ({@code manage: all}).
 *
 * @param served whether it is; otherwise it is left to the operator
 * @param timeouts timeouts of its listener where the Service names none: watches are silent for long
 */
public record KubernetesApiSettings(boolean served, ListenerTimeouts timeouts) {
    /** Milliseconds; as the OpenShift fork of kuryr has it. */
    public static final int TIMEOUT_MILLIS_DEFAULT = 600_000;

    /** What holds when configuration says nothing. */
    public static final KubernetesApiSettings DEFAULT = of(true, TIMEOUT_MILLIS_DEFAULT);

    /** With one timeout for both sides, in milliseconds. */
    public static KubernetesApiSettings of(boolean served, int timeoutMillis) {
        return new KubernetesApiSettings(served, new ListenerTimeouts(timeoutMillis, null, timeoutMillis, null));
    }
}
