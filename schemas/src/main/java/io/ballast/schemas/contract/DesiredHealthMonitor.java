package io.ballast.schemas.contract;

import org.jspecify.annotations.Nullable;

/**
 * How a pool probes its members. Source: Octavia API v2, health monitors.
 *
 * @param name name, at most 255 characters
 * @param type type
 * @param delaySeconds seconds between probes, at least 1
 * @param timeoutSeconds seconds until a probe fails, shorter than the delay
 * @param maxRetries 1..10 successes until ONLINE
 * @param maxRetriesDown 1..10 failures until ERROR
 * @param httpMethod HTTP method; null for the default
 * @param urlPath HTTP path; null for the default
 * @param expectedCodes HTTP codes; null for the default
 */
public record DesiredHealthMonitor(
        String name,
        HealthMonitorType type,
        int delaySeconds,
        int timeoutSeconds,
        int maxRetries,
        int maxRetriesDown,
        @Nullable String httpMethod,
        @Nullable String urlPath,
        @Nullable String expectedCodes) {}
