package io.ballast.openstack;

import java.time.InstantSource;

/** Opens clouds. */
public final class RestFactory {
    private RestFactory() {}

    /**
     * The cloud of these settings. Nothing is sent before the first request, so that a cloud that is down does not hinder a
     * start. Throws {@link IllegalArgumentException} when the certificate file cannot be read.
     */
    public static Rest open(CloudSettings settings) {
        return open(settings, InstantSource.system());
    }

    /**
     * The cloud of this source, which is read again when its credentials are rotated: each service of it is asked no faster than
     * its options allow, and everything is measured.
     */
    public static Rest open(CloudSource source, RestMetrics metrics) {
        return open(source, metrics, InstantSource.system());
    }

    static Rest open(CloudSource source, RestMetrics metrics, InstantSource clock) {
        var cloud = new ReloadingRest(source, settings -> open(settings, clock), clock);
        return new PacedRest(
                metrics.metered(cloud),
                source.requestsPerSecond(),
                clock,
                Thread::sleep,
                (api, wait) -> metrics.throttled(api).record(wait));
    }

    /** The same with a clock of the caller's. */
    public static Rest open(CloudSettings settings, InstantSource clock) {
        return new Openstack4jRest(settings, clock);
    }
}
