package io.ballast.octavia.loadbalancer;

import io.ballast.octavia.loadbalancer.OctaviaAction.DeleteLoadBalancer;
import io.ballast.octavia.loadbalancer.OctaviaAction.FailoverLoadBalancer;
import io.ballast.octavia.loadbalancer.Sentences.Said;
import io.ballast.schemas.contract.DesiredLoadBalancer;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.Repair;
import io.ballast.schemas.contract.RepairKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is done by itself about a load balancer in ERROR. One that was never ACTIVE is made anew, a few times an hour; one that
 * has served is failed over once a day where that is permitted, and is otherwise left to people: it may still serve. How often
 * is counted in the status, so that no restart begins anew.
 */
final class Repairs {
    private static final Duration REMEMBERED = Duration.ofDays(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int REMEMBERED_MAX = 2 * Policy.RECREATIONS_MAX; // room for failovers beside them

    private final Situation situation;
    private final DesiredLoadBalancer desired;

    private Repairs(Situation situation, DesiredLoadBalancer desired) {
        this.situation = situation;
        this.desired = desired;
    }

    /** The next step about one that is in ERROR. */
    static Step next(Situation situation, DesiredLoadBalancer desired, LoadBalancerHead head) {
        var repairs = new Repairs(situation, desired);
        return situation.hasServed(desired, head) ? repairs.failOver(head) : repairs.recreate(head);
    }

    private Step recreate(LoadBalancerHead head) {
        var recent = since(situation.now().minus(HOUR)).stream()
                .filter(repair -> repair.kind() == RepairKind.RECREATED)
                .toList();
        int most = situation.policy().recreationsPerHour();
        if (recent.size() < most || isCounted(head.id())) {
            var delete = new DeleteLoadBalancer(head.id());
            return situation.knowledge().mayTry(delete) ? new Step.Act(delete) : new Step.Rest();
        }
        return most == 0
                ? new Step.Rest()
                : new Step.Until(
                        Instant.ofEpochMilli(recent.get(recent.size() - most).atMillis())
                                .plus(HOUR));
    }

    /** Whether its deletion was begun: on some clouds it takes several calls, and each may have to be repeated. */
    private boolean isCounted(String id) {
        return told().stream()
                .anyMatch(repair -> repair.kind() == RepairKind.RECREATED
                        && repair.loadBalancerId().equals(id));
    }

    private Step failOver(LoadBalancerHead head) {
        var failover = new FailoverLoadBalancer(head.id());
        if (!situation.policy().failover() || !situation.knowledge().mayTry(failover)) {
            return new Step.Rest();
        }
        return failedOverAt(head.id())
                .<Step>map(time -> new Step.Until(time.plus(REMEMBERED)))
                .orElseGet(() -> new Step.Act(failover));
    }

    private Optional<Instant> failedOverAt(String id) {
        return since(situation.now().minus(REMEMBERED)).stream()
                .filter(repair -> repair.kind() == RepairKind.FAILED_OVER
                        && repair.loadBalancerId().equals(id))
                .findFirst()
                .map(repair -> Instant.ofEpochMilli(repair.atMillis()));
    }

    private List<Repair> since(Instant time) {
        return told().stream()
                .filter(repair -> Instant.ofEpochMilli(repair.atMillis()).isAfter(time))
                .toList();
    }

    private List<Repair> told() {
        return situation.statusOf(desired).map(LoadBalancerStatus::repairs).orElse(List.of());
    }

    /** The repairs to be told once this step is taken. What is old goes when something new comes: age alone is no news. */
    static List<Repair> told(Situation situation, DesiredLoadBalancer desired, @Nullable Step step) {
        var repairs = new Repairs(situation, desired);
        var repair =
                switch (step) {
                    case Step.Act(DeleteLoadBalancer(var id))
                    when repairs.isRecreated(id) && !repairs.isCounted(id) -> repairs.now(RepairKind.RECREATED, id);
                    case Step.Act(FailoverLoadBalancer(var id)) -> repairs.now(RepairKind.FAILED_OVER, id);
                    case null, default -> null;
                };
        if (repair == null) {
            return repairs.told();
        }
        var all = new ArrayList<>(repairs.since(situation.now().minus(REMEMBERED)));
        all.add(repair);
        return all.subList(Math.max(0, all.size() - REMEMBERED_MAX), all.size());
    }

    private Repair now(RepairKind kind, String id) {
        return new Repair(kind, id, situation.now().toEpochMilli());
    }

    /** Not one that a person asked for, nor one of an earlier Service. */
    private boolean isRecreated(String id) {
        return !desired.recreate().contains(id)
                && situation.mine(situation.identity(desired)).stream()
                        .anyMatch(
                                head -> head.id().equals(id) && head.isError() && !situation.hasServed(desired, head));
    }

    /** What is to be said of one that is in ERROR. */
    static Said said(Situation situation, DesiredLoadBalancer desired, LoadBalancerHead head) {
        var repairs = new Repairs(situation, desired);
        if (!situation.hasServed(desired, head)) {
            return Sentences.neverServed(head.id(), situation.policy().recreationsPerHour());
        }
        var refusal = situation.knowledge().refused().get(new FailoverLoadBalancer(head.id()));
        var why = refusal != null
                ? Sentences.refusedFailover(refusal)
                : repairs.failedOverAt(head.id()).isPresent()
                        ? "A failover did not mend it."
                        : situation.policy().failover() ? "It is failed over." : "Failovers are switched off.";
        return Sentences.error(head.id(), why);
    }
}
