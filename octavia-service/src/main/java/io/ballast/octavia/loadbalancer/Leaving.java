package io.ballast.octavia.loadbalancer;

import io.ballast.octavia.loadbalancer.OctaviaAction.DeleteLoadBalancer;
import io.ballast.octavia.loadbalancer.OctaviaAction.DeletePort;
import io.ballast.octavia.loadbalancer.Sentences.Said;
import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.DesiredLoadBalancer;
import io.ballast.schemas.contract.GrantedVip;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.StatusReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The next step towards nothing. DELETED is said when a look shows no load balancer, and no port that a failed create may have
 * left. When all that is left is PENDING and was given up on by a person, DELETED is said with the reason ABANDONED: the Service
 * may go, its addresses may not. It is deleted all the same as soon as Octavia lets it.
 */
final class Leaving {
    private final Situation situation;
    private final DesiredLoadBalancer desired;

    private Leaving(Situation situation, DesiredLoadBalancer desired) {
        this.situation = situation;
        this.desired = desired;
    }

    static Decision decide(Situation situation, DesiredLoadBalancer desired) {
        return new Leaving(situation, desired).decide();
    }

    private Decision decide() {
        if (!situation.policy().credentials()) {
            return isTold() ? Decision.keep(new Step.Rest()) : withoutCredentials();
        }
        if (!situation.knowledge().listed()) {
            return isTold() ? Decision.keep(new Step.Rest()) : deleting(new Step.Rest());
        }
        var identity = situation.identity(desired);
        var targets = new ArrayList<>(situation.mine(identity));
        targets.addAll(situation.strays(identity));
        return targets.isEmpty() ? nothingLeft(identity) : delete(targets);
    }

    private Decision nothingLeft(Identity identity) {
        if (isTold() && !isAbandoned()) {
            return Decision.keep(new Step.Rest());
        }
        var port = mayHaveLeftAPort() ? portStep() : Optional.<Step>empty();
        if (port.isPresent()) {
            return pausing(port.get());
        }
        return situation.knowledge().isFresh(situation.now())
                ? Decision.say(new Step.Rest(), status(LoadBalancerPhase.DELETED, null, ""))
                : pausing(new Step.Look(identity));
    }

    private Decision delete(List<LoadBalancerHead> targets) {
        var ready = targets.stream().filter(head -> !head.isPending()).findFirst();
        var step = ready.<Step>map(head -> new Step.Act(new DeleteLoadBalancer(head.id())))
                .orElseGet(Step.AwaitActive::new);
        if (isTold() && !isAbandoned()) {
            return Decision.keep(paused(step));
        }
        var givenUp = targets.stream().filter(this::isGivenUp).findFirst();
        if (givenUp.isPresent() && targets.stream().allMatch(this::isGivenUp)) {
            return Decision.say(
                    step,
                    status(
                            LoadBalancerPhase.DELETED,
                            Sentences.abandoned(givenUp.get().id()),
                            ""));
        }
        return isTold() ? Decision.keep(paused(step)) : deleting(paused(step));
    }

    private boolean isGivenUp(LoadBalancerHead head) {
        return head.isPending() && desired.abandoned().contains(head.id());
    }

    private boolean isTold() {
        return told(status -> true);
    }

    /** Whether what was told last is that somebody gave up: what follows is news. */
    private boolean isAbandoned() {
        return told(status -> status.reason() == StatusReason.ABANDONED);
    }

    private boolean told(Predicate<LoadBalancerStatus> which) {
        return situation
                .statusOf(desired)
                .filter(status -> status.phase() == LoadBalancerPhase.DELETED)
                .filter(which)
                .isPresent();
    }

    /** Whether a create may have failed after Octavia made its port: no load balancer of it was ever seen. */
    private boolean mayHaveLeftAPort() {
        return situation
                .statusOf(desired)
                .filter(status -> status.loadBalancers().isEmpty())
                .filter(status -> switch (status.phase()) {
                    case WAITING, CREATING, ERROR, UPDATING, DELETING -> true;
                    default -> false;
                })
                .isPresent();
    }

    private Optional<Step> portStep() {
        var vips = situation.answer(desired).map(AddressAllocation::vips).orElse(List.<GrantedVip>of());
        var sight = situation.knowledge().vips();
        var left = sight.proven(situation.now());
        if (left.isPresent()) {
            var holder = left.get().holder();
            var delete = new DeletePort(holder.portId(), holder.address());
            return situation.knowledge().mayTry(delete) ? Optional.of(new Step.Act(delete)) : Optional.empty();
        }
        if (vips.isEmpty()
                || (sight.isFresh(situation.now()) && sight.suspected().isEmpty())) {
            return Optional.empty();
        }
        return Optional.of(new Step.LookAtVips(vips));
    }

    /** DELETED is the last word, also about one that somebody gave up on and whose end is still looked for. */
    private Decision pausing(Step step) {
        var paused = paused(step);
        return paused.isLooking() || isTold() ? Decision.keep(paused) : deleting(paused);
    }

    private Step paused(Step step) {
        var retryAt = situation.knowledge().retryAt();
        return retryAt != null && situation.now().isBefore(retryAt) ? new Step.Until(retryAt) : step;
    }

    private Decision deleting(Step step) {
        var failure = situation.knowledge().failure();
        var said = failure == null
                ? Statuses.stuck(situation, desired)
                : failure.kind() == Failure.Kind.ADDRESS_TAKEN
                        ? Statuses.taken(situation)
                        : Optional.of(Sentences.of(failure));
        return Decision.say(
                step, status(LoadBalancerPhase.DELETING, said.orElse(null), "The load balancer is being deleted."));
    }

    /** Without credentials nothing was ever made for a Service that never came further than waiting for them. */
    private Decision withoutCredentials() {
        var status = situation.status();
        boolean nothingMade = status != null
                && status.serviceUid().equals(desired.serviceUid())
                && status.loadBalancers().isEmpty()
                && switch (status.phase()) {
                    case WAITING, REFUSED, NOT_MANAGED -> true;
                    default -> false;
                };
        return Decision.say(
                new Step.Rest(),
                nothingMade
                        ? status(LoadBalancerPhase.DELETED, null, "")
                        : status(LoadBalancerPhase.DELETING, Sentences.noCredentials(), ""));
    }

    private LoadBalancerStatus status(LoadBalancerPhase phase, @Nullable Said said, String otherwise) {
        return Statuses.of(
                situation,
                desired,
                phase,
                said,
                otherwise,
                Statuses.appliedBefore(situation, desired),
                situation.statusOf(desired).map(LoadBalancerStatus::repairs).orElse(List.of()));
    }
}
