package io.ballast.translator.translation;

import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AddressClaim;
import io.ballast.schemas.contract.ClaimState;
import io.ballast.schemas.contract.DesiredLoadBalancer;
import io.ballast.schemas.contract.DesiredLoadBalancerBody;
import io.ballast.schemas.contract.IpAddress;
import io.ballast.schemas.contract.IpFamily;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.VipClaim;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Address families that come and go while load balancers are there. Each is of one family or of both, and stays so: a
 * family comes with a load balancer of its own and goes with it. The primary family, the first, never changes.
 *
 * <p>A VIP is claimed as long as a load balancer may have it: the claim of a family that goes ends only after octavia said
 * that the load balancers which are still desired are all there are.
 */
final class Families {
    private Families() {}

    static List<List<IpFamily>> of(List<DesiredLoadBalancerBody> bodies) {
        return bodies.stream().map(DesiredLoadBalancerBody::families).toList();
    }

    /**
     * Families of each load balancer once those that are there carry exactly the wanted ones; empty when one of them would
     * have to change.
     *
     * @param there families of each load balancer that is there, at least one
     * @param wanted families of the Service, primary first
     */
    static Optional<List<List<IpFamily>>> next(List<List<IpFamily>> there, List<IpFamily> wanted) {
        var next = new ArrayList<List<IpFamily>>();
        var uncovered = new ArrayList<>(wanted);
        for (var families : there) {
            if (wanted.containsAll(families)) {
                next.add(families);
                uncovered.removeAll(families);
            } else if (families.stream().anyMatch(wanted::contains)) {
                return Optional.empty(); // it would lose a VIP
            }
        }
        uncovered.forEach(family -> next.add(List.of(family)));
        boolean samePrimary = next.getFirst().equals(there.getFirst())
                && wanted.getFirst() == there.getFirst().getFirst();
        return samePrimary ? Optional.of(List.copyOf(next)) : Optional.empty();
    }

    /** Whether load balancers with these families can become those, one by one. */
    static boolean mayBecome(List<List<IpFamily>> there, List<List<IpFamily>> next) {
        var all = next.stream().flatMap(List::stream).toList();
        return next(there, all).filter(next::equals).isPresent();
    }

    /** Whether no VIP of a load balancer that is there would be another one. */
    static boolean keepsVips(List<List<IpFamily>> there, List<VipClaim> claimed, List<VipClaim> wanted) {
        return there.stream().flatMap(List::stream).noneMatch(family -> isMoved(family, claimed, wanted));
    }

    /**
     * What is wanted, without the families that come back with another VIP while the old one is there or is going: ipam
     * would answer with the old. One that went and came back before anybody looked goes first, too.
     */
    static Wanted withoutReturning(KeyState state, DesiredLoadBalancer live, Wanted wanted) {
        var there = of(live.loadBalancers());
        var claimed = before(state.claim(), live);
        var held = Stream.concat(claimed.stream(), granted(state.allocation(), live))
                .toList();
        var waiting = wanted.vips().stream()
                .map(VipClaim::family)
                .filter(family -> there.stream().noneMatch(each -> each.contains(family))
                        ? isAnother(held, of(wanted.vips(), family))
                        : isReplaced(family, there, claimed, wanted.vips()))
                .toList();
        return waiting.isEmpty()
                ? wanted
                : wanted.withBodies(wanted.bodies().stream()
                                .filter(body -> body.families().stream().noneMatch(waiting::contains))
                                .toList())
                        .withVips(wanted.vips().stream()
                                .filter(vip -> !waiting.contains(vip.family()))
                                .toList());
    }

    /** Of a VIP that ipam is to choose, any is the same. */
    private static boolean isAnother(List<VipClaim> held, Optional<VipClaim> wanted) {
        return wanted.filter(vip -> vip.address() != null)
                .filter(vip -> held.stream()
                        .anyMatch(each ->
                                each.family() == vip.family() && !Objects.equals(vip.address(), each.address())))
                .isPresent();
    }

    private static Stream<VipClaim> granted(@Nullable AddressAllocation allocation, DesiredLoadBalancer live) {
        return allocation != null
                        && allocation.serviceUid().equals(live.serviceUid())
                        && allocation.incarnation() == live.incarnation()
                ? allocation.vips().stream().map(vip -> new VipClaim(vip.family(), vip.address()))
                : Stream.empty();
    }

    /** Whether a family that may go, because its load balancer carries no other, has got another ClusterIP. */
    private static boolean isReplaced(
            IpFamily family, List<List<IpFamily>> there, List<VipClaim> claimed, List<VipClaim> wanted) {
        boolean mayGo = there.stream().skip(1).anyMatch(each -> each.equals(List.of(family)));
        boolean areNamed = Stream.of(of(claimed, family), of(wanted, family))
                .allMatch(vip -> vip.map(VipClaim::address).isPresent());
        return mayGo && areNamed && isMoved(family, claimed, wanted);
    }

    private static boolean isMoved(IpFamily family, List<VipClaim> claimed, List<VipClaim> wanted) {
        var before = of(claimed, family);
        var after = of(wanted, family);
        return before.isPresent() && after.isPresent() && !before.equals(after);
    }

    private static Optional<VipClaim> of(List<VipClaim> vips, IpFamily family) {
        return vips.stream().filter(vip -> vip.family() == family).findFirst();
    }

    /**
     * What is to be claimed: what is wanted, and after it the VIPs of families that are going.
     *
     * @param isSaid whether octavia can know what is desired by now: it is our last word already
     */
    static List<VipClaim> claimed(KeyState state, DesiredLoadBalancer live, List<VipClaim> wanted, boolean isSaid) {
        var stay = wanted.stream().map(VipClaim::family).toList();
        var going = before(state.claim(), live).stream()
                .filter(vip -> !stay.contains(vip.family()))
                .toList();
        return isSaid && isGone(state.status(), live, going)
                ? wanted
                : Stream.concat(wanted.stream(), going.stream()).toList();
    }

    /** VIPs that live load balancers were claimed for; empty when the claim is of something else. */
    static List<VipClaim> before(@Nullable AddressClaim claim, DesiredLoadBalancer live) {
        return claim != null
                        && claim.state() == ClaimState.WANTED
                        && claim.serviceUid().equals(live.serviceUid())
                        && claim.incarnation() == live.incarnation()
                ? claim.vips()
                : List.of();
    }

    /** Whether octavia has done all that is desired, and no load balancer it sees has a VIP of these families. */
    private static boolean isGone(@Nullable LoadBalancerStatus status, DesiredLoadBalancer live, List<VipClaim> going) {
        var families = new HashSet<>(going.stream().map(VipClaim::family).toList());
        return status != null
                && status.phase() == LoadBalancerPhase.ACTIVE
                && status.serviceUid().equals(live.serviceUid())
                && status.incarnation() == live.incarnation()
                && status.appliedGeneration() == live.generation()
                && status.loadBalancers().stream()
                        .flatMap(each -> each.vips().stream())
                        .map(vip -> IpAddress.parse(vip.address()).map(IpAddress::family))
                        .noneMatch(family -> family.map(families::contains).orElse(true));
    }
}
