package io.ballast.octavia.kafka;

import io.ballast.octavia.kafka.ServiceMemory.RunningWrite;
import io.ballast.octavia.loadbalancer.Failure;
import io.ballast.octavia.loadbalancer.OctaviaAction;
import io.ballast.schemas.contract.DesiredLoadBalancer;
import io.ballast.schemas.contract.Outcome;
import io.ballast.schemas.contract.OutcomeKind;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The two records of one write: that it was started, and how it ended. */
final class Outcomes {
    private Outcomes() {}

    static Outcome started(String call, long epoch, DesiredLoadBalancer desired, OctaviaAction action) {
        return new Outcome(
                call,
                OutcomeKind.STARTED,
                "octavia",
                epoch,
                desired.clusterUid(),
                desired.serviceUid(),
                desired.incarnation(),
                desired.generation(),
                action.word(),
                action.resourceId(),
                null,
                "",
                null,
                null);
    }

    static @Nullable Outcome done(
            @Nullable RunningWrite running, @Nullable Integer status, @Nullable String requestId, Instant now) {
        return ended(running, OutcomeKind.DONE, status, "", requestId, now);
    }

    static @Nullable Outcome failed(@Nullable RunningWrite running, Failure failure, Instant now) {
        return ended(
                running,
                failure.isUncertain() ? OutcomeKind.UNKNOWN : OutcomeKind.FAILED,
                failure.status() == 0 ? null : failure.status(),
                failure.message(),
                failure.requestId(),
                now);
    }

    /** Null when nothing of this ownership was running. */
    private static @Nullable Outcome ended(
            @Nullable RunningWrite running,
            OutcomeKind kind,
            @Nullable Integer status,
            String message,
            @Nullable String requestId,
            Instant now) {
        if (running == null) {
            return null;
        }
        var started = running.started();
        return new Outcome(
                started.call(),
                kind,
                started.service(),
                started.epoch(),
                started.clusterUid(),
                started.serviceUid(),
                started.incarnation(),
                started.generation(),
                started.action(),
                started.resourceId(),
                status,
                message,
                requestId,
                Duration.between(running.at(), now).toMillis());
    }
}
