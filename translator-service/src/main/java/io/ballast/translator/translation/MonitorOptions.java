package io.ballast.translator.translation;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What a Service says about its health monitors; what it leaves open, the cluster's settings decide.
 *
 * @param enabled whether there are any; null to leave it open
 * @param numbers delay and so on, complete
 */
record MonitorOptions(@Nullable Boolean enabled, MonitorSettings numbers) {
    static MonitorOptions read(AnnotationReader read, MonitorSettings settings) {
        int delay = read.integer(Annotation.HEALTH_MONITOR_DELAY, 1, MonitorSettings.SECONDS_MAX, "seconds")
                .orElse(settings.delaySeconds());
        int timeout = read.integer(Annotation.HEALTH_MONITOR_TIMEOUT, 1, MonitorSettings.SECONDS_MAX, "seconds")
                .orElse(settings.timeoutSeconds());
        if (timeout >= delay) {
            read.refuse("Annotation %s makes health monitors wait %d s, which is not less than the delay of %d s."
                    .formatted(
                            read.nameOf(
                                    read.has(Annotation.HEALTH_MONITOR_TIMEOUT)
                                            ? Annotation.HEALTH_MONITOR_TIMEOUT
                                            : Annotation.HEALTH_MONITOR_DELAY),
                            timeout,
                            delay));
            delay = settings.delaySeconds();
            timeout = settings.timeoutSeconds();
        }
        return new MonitorOptions(
                read.truth(Annotation.HEALTH_MONITOR).orElse(settings.enabled()),
                new MonitorSettings(
                        settings.enabled(),
                        delay,
                        timeout,
                        retries(read, Annotation.HEALTH_MONITOR_MAX_RETRIES).orElse(settings.maxRetries()),
                        retries(read, Annotation.HEALTH_MONITOR_MAX_RETRIES_DOWN)
                                .orElse(settings.maxRetriesDown()),
                        settings.ovnServicePort()));
    }

    private static OptionalInt retries(AnnotationReader read, Annotation annotation) {
        return read.integer(annotation, 1, MonitorSettings.RETRIES_MAX, "");
    }

    /** Whether members of a kind are probed, the provider permitting. */
    boolean wanted(MemberKind members) {
        return enabled != null ? enabled : members == MemberKind.NODES;
    }

    /** Whether the Service or the operator asked in so many words. */
    boolean asked() {
        return Boolean.TRUE.equals(enabled);
    }
}
