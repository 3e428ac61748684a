package io.ballast.ipam.allocation;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What Neutron answered, classified once. */
public sealed interface IpamAnswer {
    /** Answer to {@link IpamCall.ReadNeutron}. */
    record Read(NeutronFacts facts) implements IpamAnswer {}

    /** Answer to a list or a look: those found, in no order. */
    record Found(List<FloatingIp> floatingIps) implements IpamAnswer {
        public Found {
            floatingIps = List.copyOf(floatingIps);
        }
    }

    /** It was made, or has the identity that was asked for. */
    record Created(
            FloatingIp floatingIp, int status, @Nullable String requestId) implements IpamAnswer {}

    /** It is gone, also when it was gone before. */
    record Deleted(int status, @Nullable String requestId) implements IpamAnswer {}

    /**
     * It was not done, or nobody knows.
     *
     * @param kind what it means
     * @param message what Neutron said, or what happened; with numbers where they are known
     * @param status HTTP status; null when no answer came
     * @param retryAfter how long Neutron wants to be left alone; null when it did not say
     */
    record Failed(
            Kind kind,
            String message,
            @Nullable Integer status,
            @Nullable String requestId,
            @Nullable Duration retryAfter)
            implements IpamAnswer {
        /** What a failure means. */
        public enum Kind {
            /** It may have been done: to be looked up, never simply repeated. */
            UNCERTAIN,
            /** Neutron cannot be reached or is overloaded; it was not done. */
            UNAVAILABLE,
            /** The floating IP quota of the project is used up. */
            QUOTA,
            /** The network has no address left. */
            EXHAUSTED,
            /** The credentials may not do it. */
            FORBIDDEN,
            /** Only another configuration can help. */
            REFUSED
        }
    }
}
