package io.ballast.octavia.loadbalancer;

import io.ballast.octavia.loadbalancer.OctaviaAction.CreateLoadBalancer;
import io.ballast.octavia.loadbalancer.Sentences.Said;
import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.DesiredLoadBalancer;
import io.ballast.schemas.contract.DesiredState;
import io.ballast.schemas.contract.GrantedVip;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.StatusReason;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is said of load balancers that should be there. */
final class PresentStatus {
    private final Situation situation;
    private final DesiredLoadBalancer desired;
    private final List<LoadBalancerHead> mine;

    PresentStatus(Situation situation, DesiredLoadBalancer desired) {
        this.situation = situation;
        this.desired = desired;
        this.mine = situation.mine(situation.identity(desired));
    }

    /** Nothing can begin, for this reason. */
    LoadBalancerStatus waiting(Said said) {
        return record(LoadBalancerPhase.WAITING, said, "", appliedBefore(), null);
    }

    /** Nothing can be done now: either all is as desired, or what is not has a reason. */
    LoadBalancerStatus settled(AddressAllocation grant) {
        boolean broken = mine.stream().anyMatch(LoadBalancerHead::isError);
        boolean missing = mine.size() < desired.loadBalancers().size();
        if (broken || missing || situation.knowledge().failure() != null) {
            var said = said().or(() -> byHand(grant)).orElse(null);
            return progress(said == null && lacksVip(grant) ? ungranted(grant) : said, null);
        }
        var refused = refusedPart();
        var said = refused.map(entry -> Sentences.partly(entry.getKey(), entry.getValue()))
                .or(() -> external(grant))
                .or(this::failedMonitors)
                .or(this::unsupported)
                .or(this::namesakes)
                .orElse(null);
        return record(
                refused.isPresent() ? LoadBalancerPhase.DEGRADED : LoadBalancerPhase.ACTIVE,
                said,
                "",
                refused.isPresent() ? appliedBefore() : desired.generation(),
                null);
    }

    /** What is refused of what is there; one member rather than all of its pool. */
    private Optional<Map.Entry<OctaviaAction, Failure>> refusedPart() {
        return situation.knowledge().refused().entrySet().stream()
                .min(Comparator.comparing(entry -> entry.getKey() instanceof OctaviaAction.BatchMembers));
    }

    /** A step is taken, or something stands in the way. */
    LoadBalancerStatus progress(Step step) {
        return progress(said().orElse(null), step);
    }

    /**
     * Whether a create is tried once more that OpenStack denied before. What was said then stands until it is answered; should
     * that answer be lost, and what was made fail before it is seen, nobody knows that it never served, and it is left to people.
     */
    boolean isDeniedBefore(Step step) {
        return step instanceof Step.Act(CreateLoadBalancer _)
                && mine.isEmpty()
                && situation
                        .statusOf(desired)
                        .filter(status -> status.phase() == LoadBalancerPhase.WAITING)
                        .filter(status -> status.generation() == desired.generation())
                        .map(LoadBalancerStatus::reason)
                        .filter(reason -> switch (reason) {
                            case OPENSTACK_BUSY, OPENSTACK_REFUSED, QUOTA_EXCEEDED, FORBIDDEN, VIP_CONFLICT -> true;
                            default -> false;
                        })
                        .isPresent();
    }

    /** OpenStack was not seen yet, and this is why. */
    LoadBalancerStatus unseen(Failure failure) {
        return progress(Sentences.of(failure), null);
    }

    /** Whether all that is desired was there when it was last seen. */
    boolean isApplied() {
        return situation
                .statusOf(desired)
                .filter(status -> status.phase() == LoadBalancerPhase.ACTIVE)
                .filter(status -> status.appliedGeneration() == desired.generation())
                .isPresent();
    }

    static Said ungranted(@Nullable AddressAllocation answer) {
        if (answer == null || answer.message().isEmpty()) {
            return new Said(StatusReason.ADDRESS_WAITING, "Waiting for its addresses.");
        }
        return new Said(
                answer.state() == AllocationState.REFUSED ? StatusReason.ADDRESS_REFUSED : StatusReason.ADDRESS_WAITING,
                answer.message());
    }

    /** Whether a family came later, and its VIP is not granted yet. */
    private boolean lacksVip(AddressAllocation grant) {
        var granted = grant.vips().stream().map(GrantedVip::family).toList();
        return !desired.loadBalancers().stream().allMatch(body -> granted.containsAll(body.families()));
    }

    private LoadBalancerStatus progress(@Nullable Said said, @Nullable Step step) {
        return record(phase(step), said, words(step), appliedBefore(), step);
    }

    private LoadBalancerPhase phase(@Nullable Step step) {
        if (step instanceof Step.Act(CreateLoadBalancer _) && (mine.isEmpty() || situation.isBeingMade(desired))) {
            return LoadBalancerPhase.CREATING; // a second one is an update: what serves is never made anew for it
        }
        boolean isSeenActive = mine.stream().anyMatch(LoadBalancerHead::isActive);
        boolean isDenied = mine.isEmpty() && isCreateDenied();
        boolean isMade = !mine.isEmpty() && mine.stream().noneMatch(head -> situation.hasServed(desired, head));
        if ((situation.isBeingMade(desired) || isMade) && !isSeenActive && !isDenied) {
            return LoadBalancerPhase.CREATING; // the proof, for owners after us, that it was never ACTIVE
        }
        if (mine.isEmpty()) {
            return situation.knowledge().listed() ? LoadBalancerPhase.WAITING : before();
        }
        return mine.stream().anyMatch(LoadBalancerHead::isError) ? LoadBalancerPhase.ERROR : LoadBalancerPhase.UPDATING;
    }

    /** What was said before OpenStack was seen; it is not ACTIVE any more when something else is desired since. */
    private LoadBalancerPhase before() {
        var phase = situation.statusOf(desired).map(LoadBalancerStatus::phase).orElse(LoadBalancerPhase.WAITING);
        return phase == LoadBalancerPhase.ACTIVE && !isApplied() ? LoadBalancerPhase.UPDATING : phase;
    }

    private Optional<Said> said() {
        var failure = situation.knowledge().failure();
        if (failure != null) {
            return Optional.of(
                    failure.kind() == Failure.Kind.ADDRESS_TAKEN
                            ? Statuses.taken(situation).orElseGet(() -> Sentences.of(failure))
                            : Sentences.of(failure));
        }
        return mine.stream()
                .filter(LoadBalancerHead::isError)
                .findFirst()
                .map(head -> Repairs.said(situation, desired, head))
                .or(() -> Statuses.stuck(situation, desired))
                .or(this::refusedCreate);
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

    /** One that somebody made by hand and that cannot be taken over as it is. */
    private Optional<Said> byHand(AddressAllocation grant) {
        return desired.loadBalancers().stream()
                .map(body -> Blueprint.of(
                        situation.identity(desired),
                        body,
                        grant.vips(),
                        situation.policy().tags()))
                .flatMap(blueprint -> Adoption.candidate(situation, blueprint).stream())
                .filter(LoadBalancerHead::isError)
                .findFirst()
                .map(Sentences::errorByHand);
    }

    private Optional<Said> external(AddressAllocation grant) {
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
        return mine.stream()
                .flatMap(head -> FloatingIpPlan.foreign(
                        grant, head, situation.knowledge().floatingIps())
                        .stream())
                .findFirst()
                .map(foreign -> new Said(
                        StatusReason.FOREIGN_FLOATING_IP,
                        "Floating IP %s was associated by somebody else and is left alone; disassociate it if it is not wanted."
                                .formatted(foreign.address())));
    }

    private Optional<Said> unsupported() {
        return desired.unsupported().isEmpty()
                ? Optional.empty()
                : Optional.of(new Said(
                        StatusReason.FEATURE_UNSUPPORTED,
                        "Served without what the provider lacks: %s."
                                .formatted(String.join(", ", desired.unsupported()))));
    }

    private Optional<Said> failedMonitors() {
        return mine.stream()
                .flatMap(head -> FailedMonitors.of(situation, head).stream())
                .findFirst()
                .map(Sentences::failedMonitor);
    }

    /** What is not ours and has its name: nothing is wrong, but who looks by name alone is misled. */
    private Optional<Said> namesakes() {
        return Sentences.namesakes(situation.knowledge().namesakes().stream()
                .filter(each -> mine.stream().noneMatch(head -> head.id().equals(each.id())))
                .toList());
    }

    private static String words(@Nullable Step step) {
        return switch (step) {
            case Step.Act(CreateLoadBalancer _) -> "The load balancer is being made.";
            case null, default -> "";
        };
    }

    private LoadBalancerStatus record(
            LoadBalancerPhase phase,
            @Nullable Said said,
            String otherwise,
            long appliedGeneration,
            @Nullable Step step) {
        boolean refused = desired.state() == DesiredState.REFUSED;
        return Statuses.of(
                situation,
                desired,
                refused ? LoadBalancerPhase.REFUSED : phase,
                refused ? new Said(StatusReason.SERVICE_REFUSED, desired.message()) : said,
                otherwise,
                appliedGeneration,
                Repairs.told(situation, desired, step));
    }

    private long appliedBefore() {
        return Statuses.appliedBefore(situation, desired);
    }
}
