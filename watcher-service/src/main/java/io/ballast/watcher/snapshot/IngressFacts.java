package io.ballast.watcher.snapshot;

import org.jspecify.annotations.Nullable;

/**
 * One entry of status.loadBalancer.ingress.
 *
 * @param ip address; null when a hostname stands instead
 * @param hostname DNS name; null when absent
 * @param ipMode VIP or Proxy; null for an entry without ip
 */
public record IngressFacts(
        @Nullable String ip,
        @Nullable String hostname,
        @Nullable String ipMode) {
    /** An absent ipMode beside an ip means VIP, as the API server fills it in. */
    public IngressFacts {
        ipMode = ip == null ? null : ipMode == null ? "VIP" : ipMode;
    }
}
