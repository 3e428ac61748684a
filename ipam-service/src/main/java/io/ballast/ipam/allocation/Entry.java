package io.ballast.ipam.allocation;

import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AddressClaim;
import io.ballast.schemas.contract.AllocationReason;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.ExternalClaim;
import io.ballast.schemas.contract.ExternalMethod;
import io.ballast.schemas.contract.GrantedExternal;
import io.ballast.schemas.contract.GrantedVip;
import io.ballast.schemas.contract.InOrder;
import io.ballast.schemas.contract.IpAddress;
import io.ballast.schemas.contract.ServiceKey;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the ledger keeps of one Service.
 *
 * @param row its allocation
 * @param claim the claim behind it; null when it is not known
 * @param vrrp ports it takes, by subnet (id or name)
 * @param withdrawn whether it is letting go
 */
record Entry(AddressAllocation row, @Nullable AddressClaim claim, Map<String, Integer> vrrp, boolean withdrawn) {
    static final String VIP = "vip:";
    static final String VRRP = "vrrp:";
    static final String EXTERNAL = "external:";
    private static final String LIMIT = "limit:";
    private static final String ADDRESS = "address:";

    /** Reasons that end for everybody at once; whoever claimed first is then to be served first. */
    private static final Set<AllocationReason> GENERAL = EnumSet.of(
            AllocationReason.INVENTORY_INCOMPLETE,
            AllocationReason.ALLOCATION_UNREADABLE,
            AllocationReason.NO_CREDENTIALS,
            AllocationReason.OPENSTACK_UNAVAILABLE);

    static Entry of(ServiceKey key, AddressAllocation row, @Nullable AddressClaim claim, Rules rules) {
        return new Entry(row, claim, vrrpOf(key, row, claim, rules), false);
    }

    Entry withdrawing() {
        return new Entry(row, claim, vrrp, true);
    }

    long firstClaimed() {
        var first = row.firstClaimedEpochMillis();
        return first == null ? Long.MAX_VALUE : first;
    }

    boolean waits() {
        return row.state() == AllocationState.WAITING
                || row.state() == AllocationState.REFUSED
                || row.externals().stream().anyMatch(external -> external.state() != AllocationState.GRANTED)
                || (claim != null && lacksVip(row, claim));
    }

    /** Whether a family that is claimed has no VIP yet, beside another that has: it came later. */
    static boolean lacksVip(AddressAllocation row, AddressClaim claim) {
        return row.state() == AllocationState.GRANTED
                && claim.vips().stream()
                        .anyMatch(wanted -> row.vips().stream().noneMatch(vip -> vip.family() == wanted.family()));
    }

    /** Addresses that are granted or still held. */
    Stream<GrantedExternal> externals() {
        return Stream.concat(row.externals().stream(), row.lettingGo().stream());
    }

    /** The lines it stands in, with what it needs of each. */
    Map<String, Integer> lines(ServiceKey key, Rules rules) {
        var lines = new TreeMap<String, Integer>();
        if (withdrawn || claim == null || row.state() == AllocationState.RELEASED) {
            return lines;
        }
        var reason = row.reason();
        if (row.state() == AllocationState.WAITING && reason != null) {
            linesForVips(key, reason, claim, rules, lines);
        }
        if (row.state() == AllocationState.GRANTED) {
            linesForExternals(key, claim, rules, lines);
        }
        return lines;
    }

    private static void linesForVips(
            ServiceKey key, AllocationReason reason, AddressClaim claim, Rules rules, Map<String, Integer> lines) {
        boolean general = GENERAL.contains(reason);
        for (var vip : claim.vips()) {
            var pool = rules.vips(key.cluster(), vip);
            var address = vip.address();
            if (pool.isEmpty()) {
                continue;
            }
            if (address == null && (general || reason == AllocationReason.VIP_RANGE_EXHAUSTED)) {
                lines.merge(vipLine(pool.get().name()), 1, Integer::sum);
            }
            if (address != null && (general || reason == AllocationReason.VIP_HELD_BY_ANOTHER)) {
                IpAddress.parse(address)
                        .ifPresent(parsed -> lines.put(addressLine(pool.get().subnet(), parsed), 1));
            }
        }
        if (general || reason == AllocationReason.VRRP_EXHAUSTED) {
            needs(key, claim, rules).forEach((subnet, ports) -> lines.merge(vrrpLine(subnet), ports, Integer::sum));
        }
    }

    private void linesForExternals(ServiceKey key, AddressClaim wanted, Rules rules, Map<String, Integer> lines) {
        for (int i = 0; i < Math.min(row.externals().size(), wanted.externals().size()); i++) {
            var external = row.externals().get(i);
            var reason = external.reason();
            var address = wanted.externals().get(i).address();
            if (external.state() != AllocationState.WAITING || reason == null) {
                continue;
            }
            boolean floating = rules.external(external.pool())
                    .filter(Rules.ExternalPool::isFloating)
                    .isPresent();
            if (reason == AllocationReason.EXTERNAL_POOL_EXHAUSTED
                    || (floating ? reason == AllocationReason.EXTERNAL_QUOTA : GENERAL.contains(reason))) {
                lines.merge(externalLine(external.pool()), 1, Integer::sum);
                alsoWaitedFor(key, external.pool(), wanted, wanted.externals().get(i), rules)
                        .forEach(pool -> lines.merge(externalLine(pool), 1, Integer::sum));
            }
            if (reason == AllocationReason.EXTERNAL_POOL_QUOTA) {
                lines.merge(limitLine(external.pool(), key.cluster()), 1, Integer::sum);
                lines.merge(limitLine(external.pool(), key.cluster() + "/" + key.namespace()), 1, Integer::sum);
            }
            if (reason == AllocationReason.EXTERNAL_HELD_BY_ANOTHER && address != null) {
                IpAddress.parse(address).ifPresent(parsed -> lines.put(addressLine("", parsed), 1));
            }
        }
    }

    /**
     * Further pools that would serve the claim, where whoever came first is served first. Not those that may have another
     * reason to refuse it, a limit or a router that is missing: nobody may be held up there by one who gets nothing.
     */
    private static List<String> alsoWaitedFor(
            ServiceKey key, String pool, AddressClaim claim, ExternalClaim wanted, Rules rules) {
        if (wanted.method() != ExternalMethod.POOL) {
            return List.of();
        }
        return rules.tried(key, claim, wanted).stream()
                .filter(each -> !each.name().equals(pool) && !each.isFloating())
                .filter(each -> !each.terms().isLimited())
                .map(Rules.ExternalPool::name)
                .toList();
    }

    /** Addresses that the amphorae of a claim take from allocation pools, by subnet (id or name). */
    static Map<String, Integer> needs(ServiceKey key, AddressClaim claim, Rules rules) {
        int amphorae = rules.amphorae(key.cluster(), claim.provider());
        var needs = new TreeMap<String, Integer>();
        if (amphorae > 0) {
            claim.vips()
                    .forEach(vip ->
                            rules.vips(key.cluster(), vip).ifPresent(pool -> needs.put(pool.subnet(), amphorae)));
            claim.memberSubnets().forEach(subnet -> needs.put(subnet, amphorae));
        }
        return needs;
    }

    private static Map<String, Integer> vrrpOf(
            ServiceKey key, AddressAllocation row, @Nullable AddressClaim claim, Rules rules) {
        int amphorae = rules.amphorae(key.cluster(), row.provider());
        var ports = new TreeMap<String, Integer>();
        if (amphorae == 0 || row.vips().isEmpty()) {
            return ports;
        }
        row.vips().stream().map(GrantedVip::subnetId).forEach(subnet -> ports.put(subnet, amphorae));
        if (claim != null) {
            var vipSubnets = claim.vips().stream()
                    .flatMap(vip -> rules.vips(key.cluster(), vip).stream())
                    .map(Rules.VipPool::subnet)
                    .toList();
            claim.memberSubnets().stream()
                    .filter(subnet -> !vipSubnets.contains(subnet))
                    .forEach(subnet -> ports.put(subnet, amphorae));
        }
        return InOrder.copyOf(ports);
    }

    static String vipLine(String pool) {
        return VIP + pool;
    }

    static String vrrpLine(String subnet) {
        return VRRP + subnet;
    }

    static String externalLine(String pool) {
        return EXTERNAL + pool;
    }

    /** The line of those whose cluster or namespace has as many addresses of a pool as it may have. */
    static String limitLine(String pool, String whose) {
        return LIMIT + pool + "/" + whose;
    }

    /** The line for one address, in a subnet as configured; the subnet is empty for external addresses. */
    static String addressLine(String subnet, IpAddress address) {
        return ADDRESS + subnet + "/" + address;
    }
}
