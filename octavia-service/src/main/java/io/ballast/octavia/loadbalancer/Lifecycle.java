package io.ballast.octavia.loadbalancer;

import io.ballast.octavia.loadbalancer.Sentences.Said;
import io.ballast.schemas.contract.DesiredLoadBalancer;
import io.ballast.schemas.contract.DesiredState;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.StatusReason;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

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
            case ABSENT -> Leaving.decide(situation, desired);
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
                Statuses.of(
                        situation,
                        desired,
                        refused ? LoadBalancerPhase.REFUSED : LoadBalancerPhase.NOT_MANAGED,
                        refused ? new Said(StatusReason.SERVICE_REFUSED, desired.message()) : null,
                        desired.message(),
                        Statuses.appliedBefore(situation, desired),
                        List.of()));
    }

    // --- present

    private Decision present(DesiredLoadBalancer desired) {
        var told = new PresentStatus(situation, desired);
        if (!situation.policy().credentials()) {
            return Decision.say(new Step.Rest(), told.waiting(Sentences.noCredentials()));
        }
        if (!situation.knowledge().listed()) {
            var failure = situation.knowledge().failure();
            return failure == null || told.isApplied()
                    ? Decision.keep(new Step.Rest())
                    : Decision.say(new Step.Rest(), told.unseen(failure));
        }
        var grant = situation.grant(desired);
        if (grant.isEmpty()) {
            var answer = situation.answer(desired).orElse(null);
            return Decision.say(new Step.Rest(), told.waiting(PresentStatus.ungranted(answer)));
        }
        var step = Presence.next(situation, desired, grant.get());
        if (step.isLooking() || told.isDeniedBefore(step)) {
            return Decision.keep(step);
        }
        return Decision.say(step, step instanceof Step.Rest ? told.settled(grant.get()) : told.progress(step));
    }
}
