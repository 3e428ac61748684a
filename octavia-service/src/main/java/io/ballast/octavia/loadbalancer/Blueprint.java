package io.ballast.octavia.loadbalancer;

import io.ballast.schemas.contract.DesiredListener;
import io.ballast.schemas.contract.DesiredLoadBalancerBody;
import io.ballast.schemas.contract.DesiredMember;
import io.ballast.schemas.contract.DesiredPool;
import io.ballast.schemas.contract.GrantedVip;
import io.ballast.schemas.contract.IpFamily;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One load balancer as it should be, with the addresses it was granted: the whole of a fully populated create.
 *
 * @param name name
 * @param provider provider; "" for the cloud's default
 * @param flavor flavor, id or name; null for none
 * @param availabilityZone availability zone; null for none
 * @param vips VIPs granted, primary first
 * @param tags identity, desired and configured tags, sorted
 * @param listeners listeners
 * @param pools pools; every member names its subnet
 * @param project project it belongs to; null for that of the credentials
 * @param replacement tag of the shape it is made anew for; null when it never was
 */
public record Blueprint(
        String name,
        String provider,
        @Nullable String flavor,
        @Nullable String availabilityZone,
        List<GrantedVip> vips,
        SortedSet<String> tags,
        List<DesiredListener> listeners,
        List<DesiredPool> pools,
        @Nullable String project,
        @Nullable String replacement) {
    public Blueprint {
        vips = List.copyOf(vips);
        listeners = List.copyOf(listeners);
        pools = List.copyOf(pools);
    }

    /** The blueprint of a desired body, or of the best of it that a refused Service still has. */
    public static Blueprint of(
            Identity identity, DesiredLoadBalancerBody body, List<GrantedVip> vips, List<String> configuredTags) {
        var tags = new TreeSet<>(identity.tags());
        tags.addAll(body.tags());
        tags.addAll(configuredTags);
        var replacement = Identity.replacementTag(body.replacement());
        if (replacement != null) {
            tags.add(replacement);
        }
        var own = vips.stream()
                .filter(vip -> body.families().contains(vip.family()))
                .toList();
        return new Blueprint(
                body.name(),
                body.provider(),
                body.flavor(),
                body.availabilityZone(),
                own,
                tags,
                body.listeners(),
                body.pools().stream().map(pool -> withSubnets(pool, own)).toList(),
                body.project(),
                replacement);
    }

    /** The same without listeners and pools: what is left to make when Octavia refuses all of it for one child. */
    Blueprint bare() {
        return with(List.of(), List.of());
    }

    /** The same with other children. */
    Blueprint with(List<DesiredListener> nextListeners, List<DesiredPool> nextPools) {
        return new Blueprint(
                name, provider, flavor, availabilityZone, vips, tags, nextListeners, nextPools, project, replacement);
    }

    /** The same, where these pools have no health monitors. */
    Blueprint unmonitored(Predicate<DesiredPool> which) {
        return with(
                listeners,
                pools.stream()
                        .map(pool -> which.test(pool) ? unmonitored(pool) : pool)
                        .toList());
    }

    private static DesiredPool unmonitored(DesiredPool pool) {
        return new DesiredPool(
                pool.name(),
                pool.protocol(),
                pool.algorithm(),
                pool.persistence(),
                pool.persistenceTimeoutSeconds(),
                null,
                pool.members());
    }

    /** Whether it has a VIP of each family that is desired; one that comes later is granted later. */
    boolean isGranted(DesiredLoadBalancerBody body) {
        return vips.size() == body.families().size();
    }

    /** Whether this load balancer has the shape that is wanted; else it is to be made anew. */
    boolean isShapeOf(LoadBalancerHead head) {
        return replacement == null || head.tags().contains(replacement);
    }

    private static DesiredPool withSubnets(DesiredPool pool, List<GrantedVip> vips) {
        return new DesiredPool(
                pool.name(),
                pool.protocol(),
                pool.algorithm(),
                pool.persistence(),
                pool.persistenceTimeoutSeconds(),
                pool.healthMonitor(),
                onceEach(pool.members()).stream()
                        .map(member -> withSubnet(member, vips))
                        .toList());
    }

    /** Octavia refuses a whole create for one member that is there twice. */
    private static Collection<DesiredMember> onceEach(List<DesiredMember> members) {
        var byPlace = new LinkedHashMap<String, DesiredMember>();
        members.forEach(member -> byPlace.putIfAbsent(Words.place(member.address(), member.port()), member));
        return byPlace.values();
    }

    private static DesiredMember withSubnet(DesiredMember member, List<GrantedVip> vips) {
        if (member.subnet() != null || vips.isEmpty()) {
            return member;
        }
        var family = member.address().indexOf(':') < 0 ? IpFamily.IPV4 : IpFamily.IPV6;
        var subnet = vips.stream()
                .filter(vip -> vip.family() == family)
                .findFirst()
                .orElse(vips.getFirst())
                .subnetId();
        return new DesiredMember(
                member.name(),
                member.address(),
                member.port(),
                member.weight(),
                subnet,
                member.monitorAddress(),
                member.monitorPort(),
                member.backup());
    }
}
