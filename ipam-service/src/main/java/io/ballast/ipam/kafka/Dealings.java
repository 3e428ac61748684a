package io.ballast.ipam.kafka;

import io.ballast.ipam.allocation.Denial;
import io.ballast.ipam.allocation.FloatingIp;
import io.ballast.ipam.allocation.IpamAnswer;
import io.ballast.ipam.allocation.IpamAnswer.Failed.Kind;
import io.ballast.ipam.allocation.IpamCall;
import io.ballast.ipam.allocation.Known;
import io.ballast.ipam.allocation.Sight;
import io.ballast.schemas.contract.AllocationReason;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.IpAddress;
import io.ballast.schemas.contract.Outcome;
import io.ballast.schemas.contract.OutcomeKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What was asked of Neutron for one Service and what came back: a cache that a restart may lose. */
final class Dealings {
    private static final Duration REST_MIN = Duration.ofSeconds(5);
    private static final Duration REST_MAX = Duration.ofSeconds(60);

    /** Before a replacement that vanished too is replaced: doubling from the one to the other. */
    private static final Duration REPLACED_MIN = Duration.ofMinutes(1);

    private static final Duration REPLACED_MAX = Duration.ofHours(1);
    private static final Duration REPLACED_FORGOTTEN = Duration.ofHours(6);

    private @Nullable List<FloatingIp> ours;
    private final Map<IpAddress, Optional<FloatingIp>> byAddress = new HashMap<>();
    private @Nullable Denial denied;
    private @Nullable Instant lateUntil;
    private Instant lookedAt = Instant.MIN;
    private Instant believedUntil = Instant.MAX;
    private int failures;
    private final Set<String> doubted = new HashSet<>();
    private final Map<String, Sight> sights = new HashMap<>();
    private int replaced;
    private Instant replacedAt = Instant.MIN;
    private @Nullable Outcome started;
    private Instant startedAt = Instant.EPOCH;
    private @Nullable Outcome ended;

    /** @param notBefore until when nobody's vanished floating IP is replaced; null for at once */
    Known known(@Nullable Instant notBefore) {
        var own = replaceNotBefore();
        return new Known(
                ours,
                byAddress,
                denied,
                lateUntil,
                doubted,
                sights,
                own == null || (notBefore != null && notBefore.isAfter(own)) ? notBefore : own);
    }

    private @Nullable Instant replaceNotBefore() {
        if (replaced == 0) {
            return null;
        }
        var rest = REPLACED_MIN.multipliedBy(1L << Math.min(replaced - 1, 10));
        return replacedAt.plus(rest.compareTo(REPLACED_MAX) > 0 ? REPLACED_MAX : rest);
    }

    /** A list of all floating IPs did not show one that was granted. */
    void miss(String floatingIpId) {
        doubted.add(floatingIpId);
    }

    /** Whether looks did not find it. */
    boolean isGone(String floatingIpId) {
        var sight = sights.get(floatingIpId);
        return sight != null && !sight.isThere();
    }

    /** A floating IP that had vanished was given up for another. */
    void replaced(String floatingIpId, Instant now) {
        doubted.remove(floatingIpId);
        sights.remove(floatingIpId);
        replaced++;
        replacedAt = now;
    }

    /** A creation by an earlier owner may arrive until then. */
    void doubt(Instant until) {
        lateUntil = until;
    }

    /** A look at the floating IPs with our identity begins. */
    void looking(Instant now) {
        lookedAt = now;
    }

    /** Drops what is too old to be believed. */
    void forgetOld(Instant now) {
        if (!now.isBefore(believedUntil)) {
            forget();
        }
        if (replaced > 0 && replacedAt.plus(REPLACED_FORGOTTEN).isBefore(now)) {
            replaced = 0;
        }
    }

    void forget() {
        ours = null;
        byAddress.clear();
        denied = null;
        believedUntil = Instant.MAX;
    }

    /** Something was given back: what was refused for want of it may be tried again. */
    void forgetWant() {
        var before = denied;
        if (before != null
                && (before.reason() == AllocationReason.EXTERNAL_QUOTA
                        || before.reason() == AllocationReason.EXTERNAL_POOL_EXHAUSTED)) {
            denied = null;
        }
    }

    boolean isIdle() {
        return ended == null
                && started == null
                && failures == 0
                && lateUntil == null
                && doubted.isEmpty()
                && replaced == 0;
    }

    void start(Outcome outcome, Instant now) {
        started = outcome;
        startedAt = now;
    }

    /** The outcome of the last call that changed something, once. */
    Optional<Outcome> takeEnded() {
        var outcome = ended;
        ended = null;
        return Optional.ofNullable(outcome);
    }

    void answered(IpamCall call, IpamAnswer answer, Duration believedFor, Instant now) {
        if (answer instanceof IpamAnswer.Failed failed) {
            failed(failed, now);
            return;
        }
        failures = 0;
        denied = null;
        believedUntil = now.plus(believedFor);
        switch (answer) {
            case IpamAnswer.Found(var found)
            when call instanceof IpamCall.FindFloatingIp(var address) ->
                byAddress.put(address, found.stream().findFirst());
            case IpamAnswer.Found(var found)
            when call instanceof IpamCall.ReadFloatingIp(var id) -> {
                boolean isThere = !found.isEmpty();
                sights.merge(id, Sight.first(isThere, now), (before, _) -> before.then(isThere, now));
                if (isThere) {
                    doubted.remove(id);
                }
            }
            case IpamAnswer.Found(var found) -> {
                ours = found;
                lateUntil = lateUntil == null || !lookedAt.isBefore(lateUntil) ? null : lateUntil;
            }
            case IpamAnswer.Created(var made, var status, var requestId) -> {
                var more = new ArrayList<>(ours == null ? List.<FloatingIp>of() : ours);
                more.removeIf(each -> each.id().equals(made.id()));
                more.add(made);
                ours = List.copyOf(more);
                byAddress.computeIfPresent(made.address(), (_, _) -> Optional.of(made));
                end(OutcomeKind.DONE, made.id(), status, "", requestId, now);
            }
            case IpamAnswer.Deleted(var status, var requestId) -> {
                var before = ours;
                if (before != null && call instanceof IpamCall.DeleteFloatingIp(var id)) {
                    ours = before.stream().filter(each -> !each.id().equals(id)).toList();
                }
                end(OutcomeKind.DONE, null, status, "", requestId, now);
            }
            case IpamAnswer.Read _, IpamAnswer.Failed _ ->
                throw new IllegalStateException("no answer to %s: %s".formatted(call, answer));
        }
    }

    private void failed(IpamAnswer.Failed failed, Instant now) {
        failures++;
        var rest = REST_MIN.multipliedBy(1L << Math.min(failures - 1, 4));
        var asked = failed.retryAfter();
        if (asked != null && asked.compareTo(rest) > 0) {
            rest = asked;
        }
        believedUntil = now.plus(rest.compareTo(REST_MAX) > 0 ? REST_MAX : rest);
        denied = denial(failed);
        if (failed.kind() == Kind.UNCERTAIN || failed.kind() == Kind.UNAVAILABLE) {
            ours = null; // looked up before anything else is done
        }
        end(
                failed.kind() == Kind.UNCERTAIN ? OutcomeKind.UNKNOWN : OutcomeKind.FAILED,
                null,
                failed.kind() == Kind.UNCERTAIN ? null : failed.status(),
                failed.kind() == Kind.UNCERTAIN ? "" : failed.message(),
                failed.requestId(),
                now);
    }

    private static Denial denial(IpamAnswer.Failed failed) {
        var reason =
                switch (failed.kind()) {
                    case UNCERTAIN, UNAVAILABLE -> AllocationReason.OPENSTACK_UNAVAILABLE;
                    case QUOTA -> AllocationReason.EXTERNAL_QUOTA;
                    case EXHAUSTED -> AllocationReason.EXTERNAL_POOL_EXHAUSTED;
                    case FORBIDDEN, REFUSED -> AllocationReason.OPENSTACK_REFUSED;
                };
        var help =
                switch (failed.kind()) {
                    case UNCERTAIN, UNAVAILABLE -> "it is tried again";
                    case QUOTA -> "raise the floating IP quota or release a floating IP";
                    case EXHAUSTED -> "release a floating IP or add a subnet to the external network";
                    case FORBIDDEN -> "give the credentials of ipam-service the role that floating IPs need";
                    case REFUSED -> "see the external pool's configuration";
                };
        return new Denial(AllocationState.WAITING, reason, "%s; %s".formatted(failed.message(), help));
    }

    private void end(
            OutcomeKind kind,
            @Nullable String resourceId,
            @Nullable Integer status,
            String message,
            @Nullable String requestId,
            Instant now) {
        var before = started;
        started = null;
        if (before == null) {
            return; // it changed nothing
        }
        ended = new Outcome(
                before.call(),
                kind,
                before.service(),
                before.epoch(),
                before.clusterUid(),
                before.serviceUid(),
                before.incarnation(),
                before.generation(),
                before.action(),
                resourceId == null ? before.resourceId() : resourceId,
                status,
                message,
                requestId,
                Duration.between(startedAt, now).toMillis());
    }
}
