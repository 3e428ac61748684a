package io.ballast.octavia.loadbalancer;

import io.ballast.octavia.loadbalancer.ObservedLoadBalancer.Member;
import io.ballast.octavia.loadbalancer.ObservedLoadBalancer.Pool;
import io.ballast.octavia.loadbalancer.OctaviaAction.BatchMembers;
import io.ballast.octavia.loadbalancer.OctaviaAction.CreateMember;
import io.ballast.octavia.loadbalancer.OctaviaAction.DeleteMember;
import io.ballast.octavia.loadbalancer.OctaviaAction.UpdateMember;
import io.ballast.schemas.contract.DesiredMember;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;

/** The writes that bring the members of one pool to what is desired, cheapest first. */
final class MemberPlan {
    private MemberPlan() {}

    /**
     * One batch before the single writes when it costs no more, so that the single ones are the way out when Octavia
     * refuses the batch. Single writes add before they remove: a pool that should have members is never empty. Nothing when
     * nothing differs: an identical batch would still lock the load balancer.
     */
    static List<OctaviaAction> plan(List<DesiredMember> desired, Pool pool, MemberCosts costs) {
        var observed = new LinkedHashMap<String, Member>();
        pool.members().forEach(member -> observed.put(member.address() + " " + member.port(), member));
        var adds = new ArrayList<OctaviaAction>();
        var updates = new ArrayList<OctaviaAction>();
        for (var member : desired) {
            var there = observed.remove(member.address() + " " + member.port());
            if (there == null) {
                adds.add(new CreateMember(pool.id(), member));
            } else if (differs(member, there)) {
                updates.add(new UpdateMember(pool.id(), there.id(), member));
            }
        }
        var singles = new ArrayList<>(adds);
        singles.addAll(updates);
        observed.values()
                .forEach(gone -> singles.add(new DeleteMember(pool.id(), gone.id(), gone.address(), gone.port())));
        return costs.batchIsCheaper(singles.size(), desired.size()) ? batchFirst(pool, desired, singles) : singles;
    }

    private static List<OctaviaAction> batchFirst(Pool pool, List<DesiredMember> desired, List<OctaviaAction> singles) {
        var all = new ArrayList<OctaviaAction>();
        all.add(new BatchMembers(pool.id(), desired));
        all.addAll(singles);
        return all;
    }

    private static boolean differs(DesiredMember desired, Member observed) {
        return desired.weight() != observed.weight()
                || desired.backup() != observed.backup()
                || !desired.name().equals(observed.name())
                || !Objects.equals(desired.monitorAddress(), observed.monitorAddress())
                || !Objects.equals(desired.monitorPort(), observed.monitorPort());
    }
}
