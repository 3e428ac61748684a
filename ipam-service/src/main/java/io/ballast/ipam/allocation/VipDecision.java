package io.ballast.ipam.allocation;

import io.ballast.ipam.allocation.Ledger.Place;
import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AllocationReason;
import io.ballast.schemas.contract.GrantedVip;
import io.ballast.schemas.contract.IpAddress;
import io.ballast.schemas.contract.VipClaim;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which VIPs a claim gets: all it asks for, or none. What it has already is never moved. */
final class VipDecision {
    /**
     * The answer.
     *
     * @param vips VIPs granted; empty when denied
     * @param vrrpPorts Neutron ports beside them
     * @param denial why not; null when granted. Beside VIPs: why another family is not granted too
     */
    record Answer(
            List<GrantedVip> vips, int vrrpPorts, @Nullable Denial denial) {}

    private record Choice(
            @Nullable GrantedVip vip, @Nullable Denial denial) {
        static Choice of(Denial denial) {
            return new Choice(null, denial);
        }
    }

    private final AllocationCommand.Claim command;
    private final Ledger ledger;
    private final long firstClaimed;

    private VipDecision(AllocationCommand.Claim command, Ledger ledger, long firstClaimed) {
        this.command = command;
        this.ledger = ledger;
        this.firstClaimed = firstClaimed;
    }

    static Answer decide(
            AllocationCommand.Claim command, @Nullable AddressAllocation held, long firstClaimed, Ledger ledger) {
        return new VipDecision(command, ledger, firstClaimed).decide(held == null ? List.of() : held.vips());
    }

    private Answer decide(List<GrantedVip> held) {
        var vips = new ArrayList<GrantedVip>();
        var kept = new ArrayList<>(held);
        Denial denial = null;
        for (var wanted : command.claim().vips()) {
            var has =
                    kept.stream().filter(vip -> vip.family() == wanted.family()).findFirst();
            if (has.isPresent()) {
                vips.add(has.get());
                kept.remove(has.get());
                continue;
            }
            var choice = choose(wanted);
            var vip = choice.vip();
            if (vip == null) {
                denial = denial == null ? choice.denial() : denial;
            } else {
                vips.add(vip);
            }
        }
        kept.stream().filter(this::isOnLoadBalancer).forEach(vips::add); // a family no longer claimed goes after it
        if (denial == null && held.isEmpty()) {
            denial = vrrpDenial(vips).orElse(null);
        }
        if (denial != null) {
            return held.isEmpty() ? new Answer(List.of(), 0, denial) : new Answer(held, ports(held), denial);
        }
        return new Answer(vips, ports(vips), null);
    }

    private boolean isOnLoadBalancer(GrantedVip vip) {
        return ledger.isObserved(command.key(), new Place(vip.subnetId(), IpAddress.of(vip.address())));
    }

    private Choice choose(VipClaim wanted) {
        var cluster = command.key().cluster();
        var closed = command.gates().closed(cluster);
        if (closed.isPresent()) {
            return Choice.of(closed.get());
        }
        var pool = ledger.rules().vips(cluster, wanted);
        if (pool.isEmpty() && wanted.subnet() != null) {
            return Choice.of(Denial.refused(
                    AllocationReason.NO_VIP_RANGE,
                    "no %s VIP range of cluster %s lies in subnet '%s'; configured are: %s"
                            .formatted(
                                    wanted.family(),
                                    cluster,
                                    wanted.subnet(),
                                    String.join(", ", ledger.rules().vipSubnets(cluster, wanted.family())))));
        }
        if (pool.isEmpty()) {
            return Choice.of(Denial.refused(
                    AllocationReason.NO_VIP_RANGE,
                    "no %s VIP range is configured for cluster %s; add one to its vips"
                            .formatted(wanted.family(), cluster)));
        }
        var subnet = ledger.facts().subnet(pool.get().subnet());
        if (subnet.isEmpty()) {
            return Choice.of(Denial.waits(
                    AllocationReason.OPENSTACK_REFUSED,
                    "subnet '%s', configured for VIPs of cluster %s, does not exist in Neutron or is not visible"
                            .formatted(pool.get().subnet(), cluster)));
        }
        var address = wanted.address();
        return address == null ? free(pool.get(), subnet.get()) : given(address, pool.get(), subnet.get());
    }

    private Choice given(String text, Rules.VipPool pool, NeutronFacts.Subnet subnet) {
        var parsed = IpAddress.parse(text);
        if (parsed.isEmpty()) {
            return Choice.of(Denial.refused(
                    AllocationReason.VIP_OUTSIDE_RANGE, "the VIP asked for, '%s', is not an address".formatted(text)));
        }
        var denial = verify(parsed.get(), pool, subnet);
        return denial.isPresent() ? Choice.of(denial.get()) : grant(parsed.get(), pool, subnet);
    }

    private Optional<Denial> verify(IpAddress address, Rules.VipPool pool, NeutronFacts.Subnet subnet) {
        var place = new Place(subnet.id(), address);
        var rival = ledger.rival(command.key(), place);
        if (rival.isPresent()) {
            return Optional.of(Denial.waits(
                    AllocationReason.VIP_HELD_BY_ANOTHER,
                    "VIP %s is held by %s%s"
                            .formatted(address, rival.get(), ledger.isWithdrawing(rival.get()) ? ", deleting" : "")));
        }
        if (ledger.isObserved(command.key(), place) || isMadeByHand(address, subnet)) {
            return Optional.empty(); // its load balancer has it: nothing moves because a range was changed
        }
        var misplaced = misplaced(address, pool, subnet);
        if (misplaced.isPresent()) {
            return misplaced;
        }
        if (!ledger.isReached(Entry.addressLine(pool.subnet(), address), command.key(), firstClaimed, 1, 1)) {
            return Optional.of(Denial.waits(
                    AllocationReason.VIP_HELD_BY_ANOTHER,
                    "VIP %s goes to a Service that claimed it earlier".formatted(address)));
        }
        return foreign(address, subnet)
                .map(port -> Denial.waits(
                        AllocationReason.VIP_HELD_BY_FOREIGN_PORT,
                        "VIP %s is used by port %s (%s), which is not ours; remove that port or give the Service another address"
                                .formatted(address, port.id(), described(port))));
    }

    /**
     * Whether the address of default/kubernetes is the VIP of a load balancer already: the one that an operator made by hand,
     * which octavia takes over. Should it be another one, octavia sees so, and says it.
     */
    private boolean isMadeByHand(IpAddress address, NeutronFacts.Subnet subnet) {
        var key = command.key();
        return key.namespace().equals("default")
                && key.name().equals("kubernetes")
                && ledger.room(subnet.id())
                        .flatMap(room -> room.portAt(address))
                        .filter(NeutronFacts.Port::isVip)
                        .isPresent();
    }

    private static Optional<Denial> misplaced(IpAddress address, Rules.VipPool pool, NeutronFacts.Subnet subnet) {
        if (address.equals(subnet.gateway())) {
            return Optional.of(Denial.refused(
                    AllocationReason.VIP_IS_GATEWAY,
                    "VIP %s is the gateway of subnet %s; give the Service another address"
                            .formatted(address, subnet.name())));
        }
        var within =
                subnet.pools().stream().filter(range -> range.contains(address)).findFirst();
        if (within.isPresent()) {
            return Optional.of(Denial.refused(
                    AllocationReason.VIP_INSIDE_ALLOCATION_POOL,
                    "VIP %s lies in allocation pool %s of subnet %s, where Neutron may give it to a port; keep the cluster's service range out of it"
                            .formatted(address, within.get(), subnet.name())));
        }
        if (!pool.contains(address)) {
            return Optional.of(Denial.refused(
                    AllocationReason.VIP_OUTSIDE_RANGE,
                    "VIP %s is not in the VIP range %s of cluster %s; make the cluster's service range and this range agree"
                            .formatted(address, text(pool.ranges()), pool.cluster())));
        }
        return Optional.empty();
    }

    private Choice free(Rules.VipPool pool, NeutronFacts.Subnet subnet) {
        for (var seen : ledger.observedAddresses(command.key())) {
            var place = new Place(subnet.id(), seen);
            if (ledger.isObserved(command.key(), place)
                    && seen.family() == pool.family()
                    && inCidr(seen, subnet)
                    && ledger.rival(command.key(), place).isEmpty()) {
                return grant(seen, pool, subnet);
            }
        }
        var free = ledger.free(pool.name());
        var lowest = free.first(address ->
                ledger.rival(command.key(), new Place(subnet.id(), address)).isPresent()
                        || foreign(address, subnet).isPresent()
                        || misplaced(address, pool, subnet).isPresent());
        var line = Entry.vipLine(pool.name());
        if (lowest.isEmpty() || !ledger.isReached(line, command.key(), firstClaimed, 1, free.size())) {
            return Choice.of(Denial.waits(
                    AllocationReason.VIP_RANGE_EXHAUSTED,
                    "no address is left in the VIP range %s of cluster %s: %d are held, %d Services wait; delete Services or widen the range"
                            .formatted(
                                    text(pool.ranges()),
                                    pool.cluster(),
                                    ledger.usage().of(pool.name()),
                                    ledger.waitingIn(line))));
        }
        return grant(lowest.get(), pool, subnet);
    }

    private static boolean inCidr(IpAddress address, NeutronFacts.Subnet subnet) {
        return subnet.cidr().contains(address);
    }

    /** A port at the address that does not belong to a load balancer of this Service. */
    private Optional<NeutronFacts.Port> foreign(IpAddress address, NeutronFacts.Subnet subnet) {
        return ledger.room(subnet.id())
                .flatMap(room -> room.portAt(address))
                .filter(_ -> !ledger.isObserved(command.key(), new Place(subnet.id(), address)));
    }

    private Optional<Denial> vrrpDenial(List<GrantedVip> vips) {
        var needs = Entry.needs(command.key(), command.claim(), ledger.rules());
        for (var need : needs.entrySet()) {
            var room = ledger.room(need.getKey());
            if (room.isEmpty() || !room.get().isKnown()) {
                continue;
            }
            int there = vips.stream()
                    .mapToInt(vip -> room.get().seenFor(IpAddress.of(vip.address())))
                    .max()
                    .orElse(0);
            int missing = Math.max(0, need.getValue() - there);
            var line = Entry.vrrpLine(need.getKey());
            if (missing > 0
                    && !ledger.isReached(
                            line,
                            command.key(),
                            firstClaimed,
                            missing,
                            room.get().left())) {
                return Optional.of(vrrpExhausted(need.getKey(), missing, room.get(), ledger.waitingIn(line)));
            }
        }
        return Optional.empty();
    }

    private static Denial vrrpExhausted(String subnet, int need, VrrpRoom room, long waiting) {
        return Denial.waits(
                AllocationReason.VRRP_EXHAUSTED,
                "the load balancer needs %d more addresses in the allocation pools of subnet %s: of %d, %d are used by others, %d granted to load balancers, %d kept for failovers, %d Services wait; widen the allocation pools or use provider ovn"
                        .formatted(
                                need,
                                subnet,
                                room.capacity(),
                                room.others(),
                                room.granted(),
                                room.headroom(),
                                waiting));
    }

    private int ports(List<GrantedVip> vips) {
        int amphorae =
                ledger.rules().amphorae(command.key().cluster(), command.claim().provider());
        var networks = new TreeSet<String>();
        vips.forEach(vip -> networks.add(vip.networkId()));
        command.claim()
                .memberSubnets()
                .forEach(subnet -> networks.add(ledger.facts()
                        .subnet(subnet)
                        .map(NeutronFacts.Subnet::networkId)
                        .orElse(subnet)));
        return amphorae * networks.size();
    }

    private static Choice grant(IpAddress address, Rules.VipPool pool, NeutronFacts.Subnet subnet) {
        return new Choice(new GrantedVip(pool.family(), address.toString(), subnet.id(), subnet.networkId()), null);
    }

    private static String described(NeutronFacts.Port port) {
        return port.name().isEmpty() && port.deviceOwner().isEmpty()
                ? "unnamed"
                : (port.name() + " " + port.deviceOwner()).strip();
    }

    static String text(List<AddressRange> ranges) {
        return String.join(", ", ranges.stream().map(AddressRange::toString).toList());
    }
}
