package io.ballast.octavia.loadbalancer;

import io.ballast.octavia.loadbalancer.OctaviaAction.AssociateFloatingIp;
import io.ballast.octavia.loadbalancer.OctaviaAction.DisassociateFloatingIp;
import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.AssociatedExternal;
import io.ballast.schemas.contract.GrantedExternal;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.ObservedVip;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Which floating IPs lead to the VIPs of one load balancer, and which should. */
public final class FloatingIpPlan {
    private FloatingIpPlan() {}

    /**
     * The next write, if any. The new address is associated before the old one is let go; only where Neutron allows a single
     * floating IP for a port and external network, the old one goes first. One that a user associated is left alone.
     */
    public static Optional<OctaviaAction> next(
            AddressAllocation allocation, LoadBalancerHead head, Collection<FloatingIp> seen) {
        var port = portOf(head);
        if (port.isEmpty()) {
            return Optional.empty();
        }
        var ours = seen.stream()
                .filter(each -> port.get().portId().equals(each.portId()))
                .toList();
        var leaving = idsOf(allocation.lettingGo());
        leaving.removeAll(idsOf(allocation.externals()));
        for (var external : floating(allocation.externals())) {
            var id = String.valueOf(external.floatingIpId());
            if (ours.stream().noneMatch(each -> each.id().equals(id))) {
                var rival = ours.stream()
                        .filter(each -> each.networkId().equals(external.floatingNetworkId()))
                        .findFirst();
                if (rival.isEmpty()) {
                    return Optional.of(new AssociateFloatingIp(
                            id,
                            String.valueOf(external.address()),
                            port.get().portId(),
                            port.get().address()));
                }
                if (leaving.contains(rival.get().id())) {
                    return Optional.of(new DisassociateFloatingIp(
                            rival.get().id(), rival.get().address()));
                }
            }
        }
        return ours.stream()
                .filter(each -> leaving.contains(each.id()))
                .findFirst()
                .map(each -> new DisassociateFloatingIp(each.id(), each.address()));
    }

    /** Everything that leads to these load balancers now, sorted by address. */
    public static List<AssociatedExternal> associated(
            Identity identity,
            List<GrantedExternal> granted,
            Collection<LoadBalancerHead> heads,
            Collection<FloatingIp> seen) {
        var known = idsOf(granted);
        var all = new ArrayList<AssociatedExternal>();
        for (var head : heads) {
            for (var vip : head.vips()) {
                seen.stream()
                        .filter(each -> !vip.portId().isEmpty() && vip.portId().equals(each.portId()))
                        .map(each -> new AssociatedExternal(
                                each.address(),
                                each.id(),
                                known.contains(each.id())
                                        || each.description().startsWith(identity.floatingIpDescription())))
                        .forEach(all::add);
            }
        }
        if (heads.stream().anyMatch(LoadBalancerHead::isActive)) {
            granted(granted)
                    .filter(each -> each.floatingIpId() == null)
                    .map(each -> new AssociatedExternal(String.valueOf(each.address()), null, true))
                    .forEach(all::add);
        }
        return all.stream()
                .sorted(Comparator.comparing(AssociatedExternal::address))
                .distinct()
                .toList();
    }

    /** Whether a floating IP of somebody else's stands in the way of one that was granted. */
    public static Optional<FloatingIp> foreign(
            AddressAllocation allocation, LoadBalancerHead head, Collection<FloatingIp> seen) {
        var known = idsOf(Stream.concat(allocation.externals().stream(), allocation.lettingGo().stream())
                .toList());
        return portOf(head)
                .flatMap(port -> seen.stream()
                        .filter(each -> port.portId().equals(each.portId()) && !known.contains(each.id()))
                        .findFirst());
    }

    private static List<GrantedExternal> floating(List<GrantedExternal> externals) {
        return granted(externals).filter(each -> each.floatingIpId() != null).toList();
    }

    private static Stream<GrantedExternal> granted(List<GrantedExternal> externals) {
        return externals.stream().filter(each -> each.state() == AllocationState.GRANTED && each.address() != null);
    }

    private static Set<String> idsOf(List<GrantedExternal> externals) {
        var ids = new HashSet<String>();
        externals.forEach(each -> {
            if (each.floatingIpId() != null) {
                ids.add(each.floatingIpId());
            }
        });
        return ids;
    }

    /** Floating IPs are an IPv4 affair. */
    private static Optional<ObservedVip> portOf(LoadBalancerHead head) {
        return head.vips().stream()
                .filter(vip -> !vip.portId().isEmpty() && familyOf(vip) == IpFamily.IPV4)
                .findFirst();
    }

    private static IpFamily familyOf(ObservedVip vip) {
        return vip.address().indexOf(':') < 0 ? IpFamily.IPV4 : IpFamily.IPV6;
    }
}
