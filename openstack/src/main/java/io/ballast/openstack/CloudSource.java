package io.ballast.openstack;

import java.util.function.Supplier;

/** Where the settings of a cloud stand, to be read again when their credentials were rotated. */
public final class CloudSource {
    private final Supplier<CloudSettings> reading;
    private final CloudSettings first;
    private final int requestsPerSecond;

    /** Reads it once; throws {@link IllegalArgumentException} when that fails. */
    CloudSource(Supplier<CloudSettings> reading, int requestsPerSecond) {
        this.reading = reading;
        this.requestsPerSecond = requestsPerSecond;
        this.first = reading.get();
    }

    /** As they stood at first. */
    public CloudSettings first() {
        return first;
    }

    /** As they stand now; throws {@link IllegalArgumentException} when they cannot be read. */
    CloudSettings now() {
        return reading.get();
    }

    int requestsPerSecond() {
        return requestsPerSecond;
    }
}
