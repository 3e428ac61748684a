package io.ballast.ipam.allocation;

import io.ballast.ipam.allocation.Ledger.Place;
import io.ballast.schemas.contract.AddressPoolStatus;
import io.ballast.schemas.contract.Finding;
import io.ballast.schemas.contract.IpAddress;
import io.ballast.schemas.contract.PoolKind;
import io.ballast.schemas.contract.QuarantinedAddress;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** How every pool stands, for tools. */
public final class PoolStatuses {
    private PoolStatuses() {}

    /** Records of the topic address-pools by key. */
    public static SortedMap<String, AddressPoolStatus> of(Ledger ledger, Map<String, List<Finding>> findings) {
        var statuses = new TreeMap<String, AddressPoolStatus>();
        for (var pool : ledger.rules().vipPools()) {
            statuses.put(pool.name(), vips(pool, ledger, findings.getOrDefault(pool.name(), List.of())));
            statuses.put(pool.vrrpName(), vrrp(pool, ledger, findings.getOrDefault(pool.vrrpName(), List.of())));
        }
        for (var pool : ledger.rules().externals()) {
            statuses.put(pool.name(), external(pool, ledger, findings.getOrDefault(pool.name(), List.of())));
        }
        return statuses;
    }

    /** The addresses of an external pool that rest, sorted. */
    public static List<QuarantinedAddress> resting(String pool, Ledger ledger) {
        return ledger.quarantine().in(pool).entrySet().stream()
                .map(each -> resting(each.getKey(), each.getValue()))
                .toList();
    }

    private static QuarantinedAddress resting(IpAddress address, Quarantine.Rest rest) {
        var kept = rest.kept();
        return new QuarantinedAddress(
                address.toString(),
                rest.lastHolder().toString(),
                rest.until().toEpochMilli(),
                kept != null,
                kept == null ? null : kept.floatingIpId(),
                kept == null ? null : kept.floatingNetworkId());
    }

    private static AddressPoolStatus vips(Rules.VipPool pool, Ledger ledger, List<Finding> findings) {
        return new AddressPoolStatus(
                PoolKind.VIP,
                pool.cluster(),
                pool.family(),
                texts(pool.ranges()),
                size(pool.ranges()),
                ledger.usage().of(pool.name()),
                shown(ledger.free(pool.name()).size()),
                ledger.waitingIn(Entry.vipLine(pool.name())),
                List.of(),
                conflicting(pool, ledger),
                findings);
    }

    private static AddressPoolStatus vrrp(Rules.VipPool pool, Ledger ledger, List<Finding> findings) {
        var room = ledger.room(pool.subnet()).filter(VrrpRoom::isKnown);
        return new AddressPoolStatus(
                PoolKind.VRRP,
                pool.cluster(),
                pool.family(),
                texts(ledger.facts()
                        .subnet(pool.subnet())
                        .map(NeutronFacts.Subnet::pools)
                        .orElse(List.of())),
                room.map(known -> shown(known.capacity())).orElse(-1L),
                room.map(VrrpRoom::granted).orElse(0L),
                room.map(known -> shown(Math.max(0, known.left()))).orElse(-1L),
                ledger.waitingIn(Entry.vrrpLine(pool.subnet())),
                List.of(),
                List.of(),
                findings);
    }

    private static AddressPoolStatus external(Rules.ExternalPool pool, Ledger ledger, List<Finding> findings) {
        return new AddressPoolStatus(
                PoolKind.EXTERNAL,
                pool.terms().clusters().size() == 1
                        ? pool.terms().clusters().iterator().next()
                        : null,
                pool.family(),
                texts(pool.ranges()),
                pool.isFloating() ? -1 : size(pool.ranges()),
                ledger.usage().of(pool.name()),
                pool.isFloating() ? -1 : shown(ledger.free(pool.name()).size()),
                ledger.waitingIn(Entry.externalLine(pool.name())),
                resting(pool.name(), ledger),
                List.of(),
                findings);
    }

    /** Addresses of the ranges at which Neutron shows a port that serves nobody we know. */
    private static List<String> conflicting(Rules.VipPool pool, Ledger ledger) {
        return ledger.facts().subnet(pool.subnet()).stream()
                .flatMap(subnet -> subnet.ports().stream()
                        .map(NeutronFacts.Port::address)
                        .filter(address -> pool.contains(address))
                        .filter(address -> !ledger.isHeld(new Place(subnet.id(), address))))
                .distinct()
                .sorted()
                .map(address -> address.toString())
                .toList();
    }

    private static List<String> texts(List<AddressRange> ranges) {
        return ranges.stream().map(AddressRange::toString).toList();
    }

    private static long size(List<AddressRange> ranges) {
        return shown(ranges.stream()
                .mapToLong(AddressRange::size)
                .reduce(0, (sum, more) -> sum > Long.MAX_VALUE - more ? Long.MAX_VALUE : sum + more));
    }

    private static long shown(long count) {
        return count == Long.MAX_VALUE ? -1 : count;
    }
}
