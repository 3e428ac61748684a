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

    /** The same with a clock of the caller's. */
    public static Rest open(CloudSettings settings, InstantSource clock) {
        return new Openstack4jRest(settings, clock);
    }
}
