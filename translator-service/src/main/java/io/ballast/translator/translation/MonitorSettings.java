package io.ballast.translator.translation;

import org.jspecify.annotations.Nullable;

/**
 * Health monitors of a cluster's load balancers, where a Service does not say otherwise.
 *
 * @param enabled whether there are any; null: of node members, not of pods, which Kubernetes probes itself
 * @param delaySeconds seconds between probes, longer than the timeout
 * @param timeoutSeconds seconds until a probe fails
 * @param maxRetries 1..10 successes until ONLINE
 * @param maxRetriesDown 1..10 failures until ERROR
 * @param ovnServicePort whether the pre-flight found the port of OVN's probes in each member network: without it a monitor
 *     goes ERROR and all traffic of its pool stops, while members still look well (tried)
 */
public record MonitorSettings(
        @Nullable Boolean enabled,
        int delaySeconds,
        int timeoutSeconds,
        int maxRetries,
        int maxRetriesDown,
        boolean ovnServicePort) {
    /** The OpenStack cloud provider's numbers, which operators know. */
    public static final MonitorSettings DEFAULT = new MonitorSettings(null, 5, 3, 1, 3, false);

    /** Most seconds that are taken for delay and timeout. */
    public static final int SECONDS_MAX = 86_400;

    public static final int RETRIES_MAX = 10;

    public MonitorSettings {
        if (timeoutSeconds >= delaySeconds) {
            throw new IllegalArgumentException("timeout %d s of health monitors is not shorter than the delay %d s"
                    .formatted(timeoutSeconds, delaySeconds));
        }
    }
}
