package io.ballast.octavia.kafka;

import io.ballast.octavia.loadbalancer.AccessAction;
import io.ballast.octavia.loadbalancer.AccessPlan;
import io.ballast.octavia.loadbalancer.LoadBalancerHead;
import io.ballast.octavia.loadbalancer.OctaviaAnswer;
import io.ballast.octavia.loadbalancer.OctaviaCall;
import io.ballast.octavia.loadbalancer.PodAccess;
import io.ballast.runtime.shell.Pass;
import io.ballast.schemas.contract.ObservedVip;
import io.ballast.schemas.contract.ServiceKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks after security groups in rounds: reads, makes what the plan says one by one, rests. Groups are looked after by whoever
 * owns the first partition; VIP ports by whoever owns that of their Service.
 */
final class PodAccesses {
    static final String NAME = "@pod-access";
    private static final int FIRST_PARTITION = 0;
    private static final String OVN = "ovn";

    private final List<PodAccess> clusters;
    private final Set<String> unenforced;
    private final Duration resync;
    private final OctaviaStanding standing;

    /** How far one partition is. Forgotten with it. */
    static final class Round {
        private final Deque<AccessAction> left = new ArrayDeque<>();
        private final List<String> findings = new ArrayList<>();
        private @Nullable Instant next;
        private int failures;
    }

    PodAccesses(List<PodAccess> clusters, Duration resync, OctaviaStanding standing) {
        this.clusters = clusters;
        this.unenforced = clusters.stream()
                .filter(each -> !each.enforced())
                .map(PodAccess::cluster)
                .collect(Collectors.toCollection(TreeSet::new));
        this.resync = resync;
        this.standing = standing;
    }

    Pass<OctaviaCall> pass(OctaviaPartition partition, Instant now) {
        if (clusters.isEmpty() || !partition.isListed()) {
            return Pass.nothing();
        }
        var round = partition.podAccess;
        var action = round.left.peekFirst();
        if (action != null) {
            return Pass.call(new OctaviaCall.ChangeAccess(action));
        }
        var next = round.next;
        if (next != null && now.isBefore(next)) {
            return Pass.later(next);
        }
        var groups = partition.number == FIRST_PARTITION ? clusters : List.<PodAccess>of();
        var ports = unenforced.isEmpty() ? Set.<String>of() : vipPorts(partition);
        if (groups.isEmpty() && ports.isEmpty()) {
            round.next = now.plus(resync);
            return Pass.later(round.next);
        }
        return Pass.call(new OctaviaCall.ReadAccess(groups, ports));
    }

    /** Only those of provider ovn: the group on that of an amphora is Octavia's, which puts it back. */
    private Set<String> vipPorts(OctaviaPartition partition) {
        return partition.memories.entrySet().stream()
                .filter(entry ->
                        unenforced.contains(ServiceKey.parse(entry.getKey()).cluster()))
                .flatMap(entry -> entry.getValue().heads().stream())
                .filter(head -> head.provider().equals(OVN))
                .map(LoadBalancerHead::vips)
                .flatMap(List::stream)
                .map(ObservedVip::portId)
                .filter(id -> !id.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    void answered(OctaviaPartition partition, OctaviaCall call, OctaviaAnswer answer, Instant now) {
        var round = partition.podAccess;
        switch (answer) {
            case OctaviaAnswer.Access(var observed) -> {
                var plan = AccessPlan.of(partition.number == FIRST_PARTITION ? clusters : List.of(), observed);
                round.findings.clear();
                round.findings.addAll(plan.findings());
                round.left.addAll(plan.actions());
                round.failures = 0;
                round.next = now.plus(resync);
            }
            case OctaviaAnswer.Done _ -> round.left.pollFirst();
            case OctaviaAnswer.Failed failed -> failed(round, call, failed, now);
            default -> throw new IllegalStateException("%s was answered with %s".formatted(call, answer));
        }
        if (round.left.isEmpty()) {
            standing.found(partition.number, round.findings);
        }
    }

    /** What is refused is said, and the others go on; when nothing answers, the round begins anew after a while. */
    private static void failed(Round round, OctaviaCall call, OctaviaAnswer.Failed failed, Instant now) {
        var failure = failed.failure();
        if (call instanceof OctaviaCall.ChangeAccess(var action) && !failure.isSilence()) {
            round.findings.add("%s: %s".formatted(action.words(), failure.message()));
            round.left.pollFirst();
            return;
        }
        round.failures++;
        round.left.clear();
        round.findings.clear();
        round.findings.add("security groups cannot be looked after: " + failure.message());
        round.next = now.plus(Pauses.after(failure, round.failures));
    }
}
