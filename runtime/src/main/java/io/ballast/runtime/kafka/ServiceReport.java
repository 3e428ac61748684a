package io.ballast.runtime.kafka;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Optional;

/** What a service says of itself beside its records. Safe to be asked by any thread. */
public interface ServiceReport {
    /** A service with nothing to say. */
    ServiceReport NONE = new ServiceReport() {};

    /** What keeps it from its work, one sentence each: it is not ready while there is one. */
    default List<String> troubles() {
        return List.of();
    }

    /** Why the process has to end, in one sentence: what it found can only be mended from outside. Empty while it may run. */
    default Optional<String> unusable() {
        return Optional.empty();
    }

    /** What a person should know although the work goes on, one sentence each. */
    default List<String> remarks() {
        return List.of();
    }

    /** Adds its meters; called once, before anything runs. */
    default void addTo(MeterRegistry registry) {}
}
