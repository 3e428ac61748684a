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
import java.util.Map;

/** The writes that bring the members of one pool to what is desired, cheapest first. */
final class MemberPlan {
    private final Pool pool;

    /** Members that are there, by place; what is left of them at the end is not desired. */
    private final Map<String, Member> observed = new LinkedHashMap<>();

    /** What the pool holds after a batch. */
    private final List<DesiredMember> listed = new ArrayList<>();

    private final List<OctaviaAction> adds = new ArrayList<>();
    private final List<OctaviaAction> updates = new ArrayList<>();
    private final List<OctaviaAction> removals = new ArrayList<>();

    private MemberPlan(Pool pool) {
        this.pool = pool;
        pool.members().forEach(member -> observed.put(member.place(), member));
    }

    /**
     * One batch before the single writes when it costs no more, so that the single ones are the way out when Octavia
     * refuses the batch. Single writes add before they remove: a pool that should have members is never empty. Nothing when
     * nothing differs: an identical batch would still lock the load balancer. A member whose subnet is another leaves and
     * comes back with the next write, while others stay.
     */
    static List<OctaviaAction> plan(List<DesiredMember> desired, Pool pool, MemberCosts costs) {
        var plan = new MemberPlan(pool);
        plan.compare(desired);
        var singles = new ArrayList<>(plan.adds);
        singles.addAll(plan.updates);
        singles.addAll(plan.removals);
        if (!costs.batchIsCheaper(singles.size(), plan.listed.size() + plan.removals.size())) {
            return singles;
        }
        singles.addFirst(new BatchMembers(pool.id(), plan.listed));
        return singles;
    }

    /** Every member once more, as each is spelt there. */
    static BatchMembers all(List<DesiredMember> desired, Pool pool) {
        var plan = new MemberPlan(pool);
        desired.forEach(plan::keep);
        return new BatchMembers(pool.id(), plan.listed);
    }

    private void compare(List<DesiredMember> desired) {
        var moved = new ArrayList<DesiredMember>();
        for (var member : desired) {
            var there = observed.get(place(member));
            if (there != null && Differences.ofSubnet(member, there)) {
                moved.add(member);
            } else {
                keep(member);
            }
        }
        if (listed.isEmpty() && moved.size() > 1) {
            keep(moved.removeFirst()); // the last one to leave: the others are back by then
        }
        observed.values()
                .forEach(gone -> removals.add(new DeleteMember(pool.id(), gone.id(), gone.address(), gone.port())));
    }

    private void keep(DesiredMember member) {
        var there = observed.remove(place(member));
        if (there == null) {
            listed.add(member);
            adds.add(new CreateMember(pool.id(), member));
            return;
        }
        var same = spelt(member, there.address());
        listed.add(same);
        if (Differences.in(member, there)) {
            updates.add(new UpdateMember(pool.id(), there.id(), same));
        }
    }

    private static String place(DesiredMember member) {
        return Words.place(member.address(), member.port());
    }

    /** A batch that spells an address in another way would make a second member of it. */
    private static DesiredMember spelt(DesiredMember member, String address) {
        return member.address().equals(address)
                ? member
                : new DesiredMember(
                        member.name(),
                        address,
                        member.port(),
                        member.weight(),
                        member.subnet(),
                        member.monitorAddress(),
                        member.monitorPort(),
                        member.backup());
    }
}
