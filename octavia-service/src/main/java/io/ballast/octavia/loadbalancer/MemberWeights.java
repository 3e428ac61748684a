package io.ballast.octavia.loadbalancer;

import io.ballast.octavia.loadbalancer.ObservedLoadBalancer.Member;
import io.ballast.schemas.contract.DesiredMember;
import io.ballast.schemas.contract.DesiredPool;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What becomes of weights that somebody set by hand. */
public enum MemberWeights {
    /** They become as desired. */
    RESTORE,
    /** They stay, but for 0: that is how we drain a member, and how it comes back. */
    RESPECT;

    /** The blueprint with the weights that stay. */
    Blueprint fitting(Blueprint blueprint, ObservedLoadBalancer observed) {
        return switch (this) {
            case RESTORE -> blueprint;
            case RESPECT -> {
                var matched = PoolMatch.of(blueprint.listeners(), blueprint.pools(), observed);
                yield blueprint.with(
                        blueprint.listeners(),
                        blueprint.pools().stream()
                                .map(pool -> matched.of(pool.name())
                                        .map(there -> respecting(pool, there))
                                        .orElse(pool))
                                .toList());
            }
        };
    }

    private static DesiredPool respecting(DesiredPool pool, ObservedLoadBalancer.Pool observed) {
        var there = observed.members().stream()
                .collect(Collectors.toMap(Member::place, Function.identity(), (one, _) -> one));
        return new DesiredPool(
                pool.name(),
                pool.protocol(),
                pool.algorithm(),
                pool.persistence(),
                pool.persistenceTimeoutSeconds(),
                pool.healthMonitor(),
                pool.members().stream()
                        .map(member -> {
                            var seen = there.get(Words.place(member.address(), member.port()));
                            return seen == null || seen.weight() == 0 || member.weight() == 0
                                    ? member
                                    : weighing(member, seen.weight());
                        })
                        .toList());
    }

    private static DesiredMember weighing(DesiredMember member, int weight) {
        return new DesiredMember(
                member.name(),
                member.address(),
                member.port(),
                weight,
                member.subnet(),
                member.monitorAddress(),
                member.monitorPort(),
                member.backup());
    }
}
