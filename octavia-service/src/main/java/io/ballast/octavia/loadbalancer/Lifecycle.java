package io.ballast.octavia.loadbalancer;

import io.ballast.octavia.loadbalancer.OctaviaAction.CreateLoadBalancer;
import io.ballast.octavia.loadbalancer.OctaviaAction.DeleteLoadBalancer;
import io.ballast.octavia.loadbalancer.Sentences.Said;
import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.DesiredLoadBalancer;
import io.ballast.schemas.contract.DesiredState;
import io.ballast.schemas.contract.GrantedVip;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.StatusReason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides about one Service.
 *
 * <pre>
 * WAITING → CREATING → ACTIVE ⇄ UPDATING, DEGRADED, ERROR → DELETING → DELETED → (no row)
 * OBSERVED: found in OpenStack, and no desired state speaks of it
 * REFUSED, NOT_MANAGED: relayed from the translator
 * </pre>
 */
public final class Lifecycle {
    private final Situation situation;

    private Lifecycle(Situation situation) {
        this.situation = situation;
    }

    /** The next step, and what to say. */
    public static Decision decide(Situation situation) {
        return new Lifecycle(situation).decide();
    }

    private Decision decide() {
        var desired = situation.desired();
        if (desired == null) {
            return undesired();
        }
        return switch (desired.state()) {
            case PRESENT -> present(desired);
            case REFUSED -> desired.loadBalancers().isEmpty() ? relay(desired) : present(desired);
            case NOT_MANAGED -> isFound() ? undesired() : relay(desired);
            case ABSENT -> absent(desired);
            case UNKNOWN -> Decision.keep(new Step.Rest());
        };
    }

    // --- nothing desired

    private boolean isFound() {
        return situation.knowledge().listed() && first().isPresent();
    }

    /** The oldest load balancer that carries this key. */
    private Optional<LoadBalancerHead> first() {
        return situation.knowledge().heads().values().stream()
                .filter(head -> head.identity()
                        .filter(each -> each.key().equals(situation.key().toString()))
                        .isPresent())
                .min(Comparator.comparing(LoadBalancerHead::createdAt).thenComparing(LoadBalancerHead::id));
    }

    /** What is found is published, so that the watcher of its cluster says whether it should go; nothing else is done. */
    private Decision undesired() {
        var status = situation.status();
        if (isFound()) {
            var identity = first().flatMap(LoadBalancerHead::identity).orElseThrow();
            return Decision.say(
                    new Step.Rest(),
                    new LoadBalancerStatus(
                            LoadBalancerPhase.OBSERVED,
                            identity.clusterUid(),
                            identity.serviceUid(),
                            0,
                            status == null ? 0 : status.generation(),
                            0,
                            null,
                            "Found in OpenStack; no desired state speaks of it yet.",
                            null,
                            Statuses.loadBalancers(situation, identity),
                            Statuses.externals(situation, identity)));
        }
        if (status != null && status.phase() == LoadBalancerPhase.DELETED) {
            return new Decision(new Step.Rest(), new Decision.Report.End());
        }
        if (status != null
                && status.phase() == LoadBalancerPhase.OBSERVED
                && situation.knowledge().listed()) {
            var gone = new Identity(
                    status.clusterUid(), status.serviceUid(), situation.key().toString());
            return situation.knowledge().isFresh(situation.now())
                    ? new Decision(new Step.Rest(), new Decision.Report.End())
                    : Decision.keep(new Step.Look(gone));
        }
        return Decision.keep(new Step.Rest());
    }

    private Decision relay(DesiredLoadBalancer desired) {
        var refused = desired.state() == DesiredState.REFUSED;
        return Decision.say(
                new Step.Rest(),
                status(
                        desired,
                        refused ? LoadBalancerPhase.REFUSED : LoadBalancerPhase.NOT_MANAGED,
                        refused ? new Said(StatusReason.SERVICE_REFUSED, desired.message()) : null,
                        desired.message(),
                        appliedBefore(desired)));
    }

    // --- absent

    private Decision absent(DesiredLoadBalancer desired) {
        var identity = situation.identity(desired);
        var isTold = situation
                .statusOf(desired)
                .filter(each -> each.phase() == LoadBalancerPhase.DELETED)
                .isPresent();
        if (!situation.policy().credentials()) {
            return isTold ? Decision.keep(new Step.Rest()) : absentWithoutCredentials(desired);
        }
        if (!situation.knowledge().listed()) {
            return isTold ? Decision.keep(new Step.Rest()) : deleting(desired, new Step.Rest());
        }
        var targets = new ArrayList<>(situation.mine(identity));
        targets.addAll(situation.strays(identity));
        if (targets.isEmpty()) {
            if (isTold) {
                return Decision.keep(new Step.Rest());
            }
            return situation.knowledge().isFresh(situation.now())
                    ? Decision.say(
                            new Step.Rest(),
                            status(desired, LoadBalancerPhase.DELETED, null, "", appliedBefore(desired)))
                    : pausing(desired, new Step.Look(identity));
        }
        var ready = targets.stream().filter(head -> !head.isPending()).findFirst();
        var step = ready.<Step>map(head -> new Step.Act(new DeleteLoadBalancer(head.id())))
                .orElseGet(Step.AwaitActive::new);
        return isTold ? Decision.keep(paused(step)) : deleting(desired, paused(step));
    }

    private Decision pausing(DesiredLoadBalancer desired, Step step) {
        var paused = paused(step);
        return paused.isLooking() ? Decision.keep(paused) : deleting(desired, paused);
    }

    private Step paused(Step step) {
        var retryAt = situation.knowledge().retryAt();
        return retryAt != null && situation.now().isBefore(retryAt) ? new Step.Until(retryAt) : step;
    }

    private Decision deleting(DesiredLoadBalancer desired, Step step) {
        var failure = situation.knowledge().failure();
        return Decision.say(
                step,
                status(
                        desired,
                        LoadBalancerPhase.DELETING,
                        failure == null ? stuck(desired).orElse(null) : Sentences.of(failure),
                        "The load balancer is being deleted.",
                        appliedBefore(desired)));
    }

    /** Without credentials nothing was ever made for a Service that never came further than waiting for them. */
    private Decision absentWithoutCredentials(DesiredLoadBalancer desired) {
        var status = situation.status();
        var nothingMade = status != null
                && status.serviceUid().equals(desired.serviceUid())
                && status.loadBalancers().isEmpty()
                && switch (status.phase()) {
                    case WAITING, REFUSED, NOT_MANAGED -> true;
                    default -> false;
                };
        return Decision.say(
                new Step.Rest(),
                status(
                        desired,
                        nothingMade ? LoadBalancerPhase.DELETED : LoadBalancerPhase.DELETING,
                        nothingMade ? null : noCredentials(),
                        "",
                        appliedBefore(desired)));
    }

    // --- present

    private Decision present(DesiredLoadBalancer desired) {
        if (!situation.policy().credentials()) {
            return waiting(desired, noCredentials());
        }
        if (!situation.knowledge().listed()) {
            var failure = situation.knowledge().failure();
            return failure == null || isApplied(desired)
                    ? Decision.keep(new Step.Rest())
                    : Decision.say(new Step.Rest(), progress(desired, Sentences.of(failure), null));
        }
        var grant = situation.grant(desired);
        if (grant.isEmpty()) {
            return waiting(desired, ungranted(situation.answer(desired).orElse(null)));
        }
        var step = Presence.next(situation, desired, grant.get());
        if (step.isLooking()) {
            return Decision.keep(step);
        }
        return Decision.say(
                step,
                step instanceof Step.Rest ? settled(desired, grant.get()) : progress(desired, said(desired), step));
    }

    private static Said ungranted(@Nullable AddressAllocation answer) {
        if (answer == null || answer.message().isEmpty()) {
            return new Said(StatusReason.ADDRESS_WAITING, "Waiting for its addresses.");
        }
        return new Said(
                answer.state() == AllocationState.REFUSED ? StatusReason.ADDRESS_REFUSED : StatusReason.ADDRESS_WAITING,
                answer.message());
    }

    private static Said noCredentials() {
        return new Said(
                StatusReason.NO_CREDENTIALS,
                "No OpenStack credentials are configured. Give octavia-service a clouds.yaml; it goes on by itself.");
    }

    private Decision waiting(DesiredLoadBalancer desired, Said said) {
        return Decision.say(
                new Step.Rest(),
                status(desired, refusedOr(desired, LoadBalancerPhase.WAITING), said, "", appliedBefore(desired)));
    }

    /** Nothing can be done now: either all is as desired, or what is not has a reason. */
    private LoadBalancerStatus settled(DesiredLoadBalancer desired, AddressAllocation grant) {
        var broken = situation.mine(situation.identity(desired)).stream().anyMatch(LoadBalancerHead::isError);
        var missing = situation.mine(situation.identity(desired)).size()
                < desired.loadBalancers().size();
        if (broken || missing || situation.knowledge().failure() != null) {
            var said = said(desired);
            return progress(desired, said == null && lacksVip(desired, grant) ? ungranted(grant) : said, null);
        }
        var refused = refusedPart();
        var said = refused.map(entry -> Sentences.partly(entry.getKey(), entry.getValue()))
                .or(() -> external(desired, grant))
                .or(() -> unsupported(desired))
                .orElse(null);
        return status(
                desired,
                refusedOr(desired, refused.isPresent() ? LoadBalancerPhase.DEGRADED : LoadBalancerPhase.ACTIVE),
                said,
                "",
                refused.isPresent() ? appliedBefore(desired) : desired.generation());
    }

    /** What is refused of what is there; one member rather than all of its pool. */
    private Optional<Map.Entry<OctaviaAction, Failure>> refusedPart() {
        return situation.knowledge().refused().entrySet().stream()
                .min(Comparator.comparing(entry -> entry.getKey() instanceof OctaviaAction.BatchMembers));
    }

    /** Whether a family came later, and its VIP is not granted yet. */
    private static boolean lacksVip(DesiredLoadBalancer desired, AddressAllocation grant) {
        var granted = grant.vips().stream().map(GrantedVip::family).toList();
        return !desired.loadBalancers().stream().allMatch(body -> granted.containsAll(body.families()));
    }

    /** Something is on its way, or stands in the way. */
    private LoadBalancerStatus progress(DesiredLoadBalancer desired, @Nullable Said said, @Nullable Step step) {
        return status(desired, refusedOr(desired, phase(desired, step)), said, words(step), appliedBefore(desired));
    }

    private LoadBalancerPhase phase(DesiredLoadBalancer desired, @Nullable Step step) {
        var mine = situation.mine(situation.identity(desired));
        if (step instanceof Step.Act(CreateLoadBalancer _) && (mine.isEmpty() || situation.isBeingMade(desired))) {
            return LoadBalancerPhase.CREATING; // a second one is an update: what serves is never made anew for it
        }
        var isSeenActive = mine.stream().anyMatch(LoadBalancerHead::isActive);
        var isDenied = mine.isEmpty() && isCreateDenied();
        if (situation.isBeingMade(desired) && !isSeenActive && !isDenied) {
            return LoadBalancerPhase.CREATING; // the proof, for owners after us, that it was never ACTIVE
        }
        if (mine.isEmpty()) {
            return situation.knowledge().listed() ? LoadBalancerPhase.WAITING : before(desired);
        }
        return mine.stream().anyMatch(LoadBalancerHead::isError) ? LoadBalancerPhase.ERROR : LoadBalancerPhase.UPDATING;
    }

    /** What was said before OpenStack was seen; it is not ACTIVE any more when something else is desired since. */
    private LoadBalancerPhase before(DesiredLoadBalancer desired) {
        var phase = situation.statusOf(desired).map(LoadBalancerStatus::phase).orElse(LoadBalancerPhase.WAITING);
        return phase == LoadBalancerPhase.ACTIVE && !isApplied(desired) ? LoadBalancerPhase.UPDATING : phase;
    }

    /** Whether all that is desired was there when it was last seen. */
    private boolean isApplied(DesiredLoadBalancer desired) {
        return situation
                .statusOf(desired)
                .filter(status -> status.phase() == LoadBalancerPhase.ACTIVE)
                .filter(status -> status.appliedGeneration() == desired.generation())
                .isPresent();
    }

    private @Nullable Said said(DesiredLoadBalancer desired) {
        var failure = situation.knowledge().failure();
        if (failure != null) {
            return Sentences.of(failure);
        }
        return situation.mine(situation.identity(desired)).stream()
                .filter(LoadBalancerHead::isError)
                .findFirst()
                .map(head -> Sentences.error(head.id(), !situation.isBeingMade(desired)))
                .or(() -> stuck(desired))
                .or(this::refusedCreate)
                .orElse(null);
    }

    /** Whether OpenStack said that it makes none; a create without an answer may yet show its load balancer. */
    private boolean isCreateDenied() {
        var failure = situation.knowledge().failure();
        return refusedCreate().isPresent() || (failure != null && failure.isAnswer());
    }

    private Optional<Said> refusedCreate() {
        return situation.knowledge().refused().entrySet().stream()
                .filter(entry -> entry.getKey() instanceof CreateLoadBalancer)
                .findFirst()
                .map(entry -> Sentences.of(entry.getValue()));
    }

    private Optional<Said> stuck(DesiredLoadBalancer desired) {
        var limit = situation.now().minus(situation.policy().stuckAfter());
        return situation.mine(situation.identity(desired)).stream()
                .filter(head -> situation.knowledge().pendingSince().containsKey(head.id()))
                .filter(head -> !situation
                        .knowledge()
                        .pendingSince()
                        .getOrDefault(head.id(), limit)
                        .isAfter(limit))
                .findFirst()
                .map(head -> Sentences.stuck(head.id()));
    }

    private Optional<Said> external(DesiredLoadBalancer desired, AddressAllocation grant) {
        if (desired.external() && grant.externals().isEmpty()) {
            return Optional.of(new Said(StatusReason.EXTERNAL_WAITING, "Waiting for its external address."));
        }
        for (var external : grant.externals()) {
            if (external.state() == AllocationState.REFUSED) {
                return Optional.of(new Said(StatusReason.EXTERNAL_REFUSED, external.message()));
            }
            if (external.state() != AllocationState.GRANTED) {
                return Optional.of(new Said(StatusReason.EXTERNAL_WAITING, external.message()));
            }
        }
        return situation.mine(situation.identity(desired)).stream()
                .flatMap(head -> FloatingIpPlan.foreign(
                        grant, head, situation.knowledge().floatingIps())
                        .stream())
                .findFirst()
                .map(foreign -> new Said(
                        StatusReason.FOREIGN_FLOATING_IP,
                        "Floating IP %s was associated by somebody else and is left alone; disassociate it if it is not wanted."
                                .formatted(foreign.address())));
    }

    private static Optional<Said> unsupported(DesiredLoadBalancer desired) {
        return desired.unsupported().isEmpty()
                ? Optional.empty()
                : Optional.of(new Said(
                        StatusReason.FEATURE_UNSUPPORTED,
                        "Served without what the provider lacks: %s."
                                .formatted(String.join(", ", desired.unsupported()))));
    }

    private static String words(@Nullable Step step) {
        return switch (step) {
            case Step.Act(CreateLoadBalancer _) -> "The load balancer is being made.";
            case null, default -> "";
        };
    }

    // --- the record

    private static LoadBalancerPhase refusedOr(DesiredLoadBalancer desired, LoadBalancerPhase phase) {
        return desired.state() == DesiredState.REFUSED ? LoadBalancerPhase.REFUSED : phase;
    }

    private long appliedBefore(DesiredLoadBalancer desired) {
        return situation
                .statusOf(desired)
                .map(LoadBalancerStatus::appliedGeneration)
                .orElse(0L);
    }

    private LoadBalancerStatus status(
            DesiredLoadBalancer desired,
            LoadBalancerPhase phase,
            @Nullable Said said,
            String otherwise,
            long appliedGeneration) {
        var failure = situation.knowledge().failure();
        var identity = situation.identity(desired);
        var refused = phase == LoadBalancerPhase.REFUSED;
        return new LoadBalancerStatus(
                phase,
                desired.clusterUid(),
                desired.serviceUid(),
                desired.incarnation(),
                desired.generation(),
                appliedGeneration,
                refused ? StatusReason.SERVICE_REFUSED : said == null ? null : said.reason(),
                refused ? desired.message() : said == null ? otherwise : said.message(),
                failure == null ? null : failure.requestId(),
                Statuses.loadBalancers(situation, identity),
                Statuses.externals(situation, identity));
    }
}
