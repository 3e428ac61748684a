package io.ballast.octavia.loadbalancer;

import io.ballast.octavia.loadbalancer.ObservedLoadBalancer.Listener;
import io.ballast.octavia.loadbalancer.ObservedLoadBalancer.Member;
import io.ballast.octavia.loadbalancer.ObservedLoadBalancer.Pool;
import io.ballast.octavia.loadbalancer.OctaviaAction.BatchMembers;
import io.ballast.octavia.loadbalancer.OctaviaAction.CreateMember;
import io.ballast.octavia.loadbalancer.OctaviaAction.DeleteListener;
import io.ballast.octavia.loadbalancer.OctaviaAction.DeleteMember;
import io.ballast.octavia.loadbalancer.OctaviaAction.DeleteMonitor;
import io.ballast.octavia.loadbalancer.OctaviaAction.DeletePool;
import io.ballast.octavia.loadbalancer.OctaviaAction.UpdateMember;
import io.ballast.schemas.contract.DesiredMember;
import io.ballast.schemas.contract.OperatingStatus;
import io.ballast.schemas.contract.ProvisioningStatus;
import java.util.ArrayList;
import java.util.List;

/** What an accepted write makes of what was observed, so that not every write needs everything to be read again. */
public final class Evolution {
    private Evolution() {}

    /** The load balancer after the write was accepted; it is PENDING until it is seen ACTIVE again. */
    public static ObservedLoadBalancer after(ObservedLoadBalancer before, OctaviaAction action, Product product) {
        var next =
                switch (product) {
                    case Product.OfLoadBalancer(var seen) ->
                        before.withHead(seen.head()
                                .withChildren(
                                        before.head().listenerIds(),
                                        before.head().poolIds()));
                    case Product.OfListener(var listener) ->
                        before.withListeners(replace(before.listeners(), listener));
                    case Product.OfPool(var pool) -> withPool(before, pool);
                    case Product.OfMember(var member) ->
                        before.withPool(poolOf(action), pool -> pool.withMembers(replace(pool.members(), member)));
                    case Product.OfMonitor(var monitor) ->
                        before.withPool(poolOf(action), pool -> pool.withMonitor(monitor));
                    case Product.OfFloatingIp _ -> before;
                    case Product.Nothing _ -> afterDelete(before, action);
                };
        var status = action instanceof OctaviaAction.DeleteLoadBalancer
                ? ProvisioningStatus.PENDING_DELETE
                : ProvisioningStatus.PENDING_UPDATE;
        return next.withHead(next.head().with(status));
    }

    private static ObservedLoadBalancer afterDelete(ObservedLoadBalancer before, OctaviaAction action) {
        return switch (action) {
            case DeleteListener(var id, var _) ->
                before.withListeners(before.listeners().stream()
                        .filter(each -> !each.id().equals(id))
                        .toList());
            case DeletePool(var id, var _) ->
                before.withPools(before.pools().stream()
                        .filter(each -> !each.id().equals(id))
                        .toList());
            case DeleteMember(var poolId, var id, var _, var _) ->
                before.withPool(
                        poolId,
                        pool -> pool.withMembers(pool.members().stream()
                                .filter(each -> !each.id().equals(id))
                                .toList()));
            case DeleteMonitor(var poolId, var _) -> before.withPool(poolId, pool -> pool.withMonitor(null));
            case BatchMembers(var poolId, var members) ->
                before.withPool(poolId, pool -> pool.withMembers(batch(pool, members)));
            default -> before;
        };
    }

    private static ObservedLoadBalancer withPool(ObservedLoadBalancer before, Pool pool) {
        if (before.pool(pool.id()).isEmpty()) {
            var more = new ArrayList<>(before.pools());
            more.add(pool);
            return before.withPools(more);
        }
        return before.withPool(pool.id(), old -> pool.withMembers(old.members()).withMonitor(old.monitor()));
    }

    private static String poolOf(OctaviaAction action) {
        return switch (action) {
            case CreateMember(var poolId, var _) -> poolId;
            case UpdateMember(var poolId, var _, var _) -> poolId;
            case OctaviaAction.CreateMonitor(var poolId, var _) -> poolId;
            case OctaviaAction.UpdateMonitor(var poolId, var _, var _) -> poolId;
            default -> "";
        };
    }

    /** What a write answers was not seen settled: what is new has no operating status yet, what was there keeps its own. */
    private static List<Listener> replace(List<Listener> old, Listener listener) {
        var next = new ArrayList<>(
                old.stream().filter(each -> !each.id().equals(listener.id())).toList());
        next.add(listener.with(old.stream()
                .filter(each -> each.id().equals(listener.id()))
                .findFirst()
                .map(Listener::operating)
                .orElse(OperatingStatus.UNKNOWN)));
        return next;
    }

    private static List<Member> replace(List<Member> old, Member member) {
        var next = new ArrayList<>(
                old.stream().filter(each -> !each.id().equals(member.id())).toList());
        next.add(member.with(old.stream()
                .filter(each -> each.id().equals(member.id()))
                .findFirst()
                .map(Member::operating)
                .orElse(OperatingStatus.UNKNOWN)));
        return next;
    }

    /** Members that were there keep their ids; those that the batch made have none until they are read. */
    private static List<Member> batch(Pool pool, List<DesiredMember> members) {
        return members.stream().map(member -> batched(pool, member)).toList();
    }

    private static Member batched(Pool pool, DesiredMember member) {
        var place = Words.place(member.address(), member.port());
        var there = pool.members().stream()
                .filter(each -> each.place().equals(place))
                .findFirst();
        return new Member(
                there.map(Member::id).orElse(""),
                member.name(),
                member.address(),
                member.port(),
                member.weight(),
                member.backup(),
                member.monitorAddress(),
                member.monitorPort(),
                ProvisioningStatus.PENDING_UPDATE,
                there.map(Member::operating).orElse(OperatingStatus.UNKNOWN),
                there.map(Member::subnetId).orElse(null), // that of a new one is known when it is read
                true);
    }
}
