package io.ballast.octavia.loadbalancer;

import io.ballast.octavia.loadbalancer.OctaviaAction.CreateLoadBalancer;
import io.ballast.octavia.loadbalancer.OctaviaAction.DeleteLoadBalancer;
import io.ballast.octavia.loadbalancer.OctaviaAction.DeletePort;
import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.DesiredLoadBalancer;
import io.ballast.schemas.contract.DesiredLoadBalancerBody;
import io.ballast.schemas.contract.GrantedVip;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.LoadBalancerState;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.ObservedListener;
import io.ballast.schemas.contract.ProvisioningStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The next step towards load balancers that should be there, addresses being granted. */
final class Presence {
    private final Situation situation;
    private final DesiredLoadBalancer desired;
    private final AddressAllocation grant;
    private final Identity identity;

    private Presence(Situation situation, DesiredLoadBalancer desired, AddressAllocation grant) {
        this.situation = situation;
        this.desired = desired;
        this.grant = grant;
        this.identity = situation.identity(desired);
    }

    /** What a step is, and whether it is taken because everything is as desired. */
    static Step next(Situation situation, DesiredLoadBalancer desired, AddressAllocation grant) {
        return new Presence(situation, desired, grant).next();
    }

    private Step next() {
        var knowledge = situation.knowledge();
        var retryAt = knowledge.retryAt();
        if (retryAt != null && situation.now().isBefore(retryAt)) {
            return new Step.Until(retryAt);
        }
        var free = new ArrayList<>(situation.mine(identity).stream()
                .filter(head -> head.provisioning() != ProvisioningStatus.DELETED)
                .sorted(Comparator.comparing(LoadBalancerHead::createdAt).thenComparing(LoadBalancerHead::id))
                .toList());
        var steps = new ArrayList<Step>();
        for (var body : desired.loadBalancers()) {
            var blueprint = Blueprint.of(
                    identity, body, grant.vips(), situation.policy().tags());
            var head = pick(free, body, blueprint.vips());
            steps.add(
                    head == null
                            ? blueprint.isGranted(body) ? create(blueprint) : new Step.Rest() // until ipam goes on
                            : blueprint.isShapeOf(head) && !desired.recreate().contains(head.id())
                                    ? step(blueprint, head)
                                    : remove(head)); // then a new one is made with its addresses
        }
        var strays = situation.strays(identity);
        free.addAll(strays);
        for (var needless : free) {
            steps.add(strays.isEmpty() ? steps.size() : 0, remove(needless));
        }
        return steps.stream()
                .filter(step -> step instanceof Step.Act || step.isLooking())
                .findFirst()
                .or(() -> steps.stream()
                        .filter(step -> !(step instanceof Step.Rest))
                        .findFirst())
                .orElseGet(Step.Rest::new);
    }

    /** The load balancer of this body: the one with its VIP, else one of its family. */
    private static @Nullable LoadBalancerHead pick(
            List<LoadBalancerHead> free, DesiredLoadBalancerBody body, List<GrantedVip> vips) {
        Optional<LoadBalancerHead> found = vips.isEmpty()
                ? Optional.empty()
                : free.stream()
                        .filter(head -> head.hasVip(vips.getFirst().address()))
                        .findFirst();
        var head = found.or(() -> free.stream()
                        .filter(each -> !each.vips().isEmpty()
                                && body.families()
                                        .contains(
                                                familyOf(each.vips().getFirst().address())))
                        .findFirst())
                .orElse(null);
        free.remove(head);
        return head;
    }

    private static IpFamily familyOf(String address) {
        return address.indexOf(':') < 0 ? IpFamily.IPV4 : IpFamily.IPV6;
    }

    private Step create(Blueprint blueprint) {
        var byHand = Adoption.candidate(situation, blueprint);
        if (byHand.isPresent()) {
            return adopt(blueprint, byHand.get());
        }
        var vips = situation.knowledge().vips();
        if (vips.doubted()) {
            var left = vips.proven(situation.now()).map(VipSight.Sighting::holder);
            if (left.isPresent()) {
                return act(new DeletePort(left.get().portId(), left.get().address()));
            }
            return situation.knowledge().isFresh(situation.now())
                    ? new Step.LookAtVips(blueprint.vips())
                    : new Step.Look(identity); // our own tag first
        }
        var whole = OvnMonitors.atFirst(blueprint);
        return Stream.of(whole, whole.bare())
                .map(CreateLoadBalancer::new)
                .takeWhile(create -> create.blueprint().equals(whole) || isWorthSteps(whole))
                .filter(situation.knowledge()::mayTry)
                .findFirst()
                .map(create ->
                        situation.knowledge().isFresh(situation.now()) ? new Step.Act(create) : new Step.Look(identity))
                .orElseGet(Step.Rest::new);
    }

    /**
     * Octavia refuses a fully populated create as a whole for one child that it, or the provider, cannot have. Then the load
     * balancer is made alone and its children one by one, so that the rest lives and the one is named. No release from API
     * 2.5 on and no provider that we know of lacks the fully populated create itself.
     */
    private boolean isWorthSteps(Blueprint blueprint) {
        var why = situation.knowledge().refused().get(new CreateLoadBalancer(blueprint));
        return why != null && why.status() != 0 && !blueprint.pools().isEmpty();
    }

    private Step remove(LoadBalancerHead head) {
        return head.isPending() ? new Step.AwaitActive() : act(new DeleteLoadBalancer(head.id()));
    }

    private Step adopt(Blueprint blueprint, LoadBalancerHead head) {
        if (!head.isActive()) {
            return head.isPending() ? new Step.AwaitActive() : new Step.Rest();
        }
        return situation.knowledge().full().containsKey(head.id())
                ? act(Adoption.action(blueprint, head))
                : new Step.Read(head.id());
    }

    private Step act(OctaviaAction action) {
        return situation.knowledge().mayTry(action) ? new Step.Act(action) : new Step.Rest();
    }

    private Step step(Blueprint blueprint, LoadBalancerHead head) {
        var associate = FloatingIpPlan.next(grant, head, situation.knowledge().floatingIps())
                .filter(situation.knowledge()::mayTry);
        if (head.isError()) {
            var repair = Repairs.next(situation, desired, head);
            return repair instanceof Step.Act
                    ? repair
                    : associate.<Step>map(Step.Act::new).orElse(repair);
        }
        if (!head.isActive()) {
            return associate.<Step>map(Step.Act::new).orElseGet(Step.AwaitActive::new);
        }
        var converge = converge(blueprint, head);
        return converge instanceof Step.Rest && associate.isPresent() ? new Step.Act(associate.get()) : converge;
    }

    private Step converge(Blueprint blueprint, LoadBalancerHead head) {
        var knowledge = situation.knowledge();
        var full = knowledge.full().get(head.id());
        if (full != null && !full.head().isActive()) {
            return new Step.Read(head.id()); // seen in full before a change that has ended since
        }
        if (full == null || knowledge.suspects().contains(head.id())) {
            return isTrusted(blueprint, head) ? new Step.Rest() : new Step.Read(head.id());
        }
        if (knowledge.unverified().contains(head.id())) {
            return new Step.Verify(head.id());
        }
        var policy = situation.policy();
        var possible = FailedMonitors.without(FailedMonitors.of(situation, head), blueprint);
        var plan = Planner.plan(
                        policy.memberWeights().fitting(Adoption.fitting(situation.key(), possible, full), full),
                        full,
                        policy.costsOf(head.provider()),
                        knowledge.listenerDefaults(),
                        recordedTags(head))
                .stream()
                .filter(knowledge::mayTry)
                .toList();
        var action = OvnMonitors.outOfTheWay(plan, full).stream()
                .filter(knowledge::mayTry)
                .findFirst();
        if (action.isEmpty()) {
            return new Step.Rest();
        }
        return action.get().lacksId() ? new Step.Verify(head.id()) : new Step.Act(action.get()); // the tree knows ids
    }

    /**
     * What was last said to be as desired, and was not changed since, is not read again at a start. A call of an owner before
     * the last one may have ended since: a member more or less moves nothing in a list but the time of the last change.
     */
    private boolean isTrusted(Blueprint blueprint, LoadBalancerHead head) {
        return !situation.knowledge().suspects().contains(head.id())
                && hasHeadOf(blueprint, head)
                && head.poolIds().size() == blueprint.pools().size()
                && head.listenerIds().size() == blueprint.listeners().size()
                && situation
                        .statusOf(desired)
                        .filter(status -> status.phase() == LoadBalancerPhase.ACTIVE)
                        .filter(status -> status.appliedGeneration() == desired.generation())
                        .flatMap(status -> said(status, head.id()))
                        .filter(said -> said.updatedAt().equals(head.updatedAt()))
                        .filter(said -> listenersIn(said).equals(head.listenerIds()))
                        .isPresent();
    }

    /** Whether what a list tells of the load balancer itself is as desired. */
    private boolean hasHeadOf(Blueprint blueprint, LoadBalancerHead head) {
        return head.adminUp()
                && head.name().equals(blueprint.name())
                && head.tags().containsAll(blueprint.tags())
                && recordedTags(head).stream()
                        .allMatch(tag ->
                                blueprint.tags().contains(tag) || !head.tags().contains(tag));
    }

    /** Tags that we once put there. */
    private Set<String> recordedTags(LoadBalancerHead head) {
        return situation
                .statusOf(desired)
                .flatMap(status -> said(status, head.id()))
                .map(said -> (Set<String>) new TreeSet<>(said.tags()))
                .orElse(Set.of());
    }

    private static Optional<LoadBalancerState> said(LoadBalancerStatus status, String id) {
        return status.loadBalancers().stream()
                .filter(each -> each.id().equals(id))
                .findFirst();
    }

    private static Set<String> listenersIn(LoadBalancerState said) {
        return said.listeners().stream().map(ObservedListener::id).collect(Collectors.toCollection(TreeSet::new));
    }
}
