package io.ballast.ipam.allocation;

import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AddressClaim;
import io.ballast.schemas.contract.AllocationReason;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.ClaimState;
import io.ballast.schemas.contract.GrantedExternal;
import io.ballast.schemas.contract.IpAddress;
import io.ballast.schemas.contract.LoadBalancerPhase;
import io.ballast.schemas.contract.LoadBalancerStatus;
import io.ballast.schemas.contract.ServiceKey;
import io.ballast.schemas.contract.StatusReason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The arbiter: {@link #decide} changes nothing, {@link #evolve} takes every fact, live or replayed, the same way. */
public final class Allocation {
    /** Reasons whose messages carry counts: the message of the first denial stays, so that waiting writes nothing. */
    private static final Set<AllocationReason> COUNTING = EnumSet.of(
            AllocationReason.VIP_RANGE_EXHAUSTED,
            AllocationReason.VRRP_EXHAUSTED,
            AllocationReason.EXTERNAL_POOL_EXHAUSTED,
            AllocationReason.EXTERNAL_QUOTA,
            AllocationReason.EXTERNAL_POOL_QUOTA,
            AllocationReason.INVENTORY_INCOMPLETE);

    private static final Set<LoadBalancerPhase> NOTHING_THERE =
            EnumSet.of(LoadBalancerPhase.DELETED, LoadBalancerPhase.REFUSED, LoadBalancerPhase.NOT_MANAGED);

    private Allocation() {}

    /** What the newest claim, allocation and status of a Service ask for; empty for nothing. */
    public static Optional<AllocationCommand> command(
            ServiceKey key,
            @Nullable AddressClaim claim,
            @Nullable AddressAllocation row,
            @Nullable LoadBalancerStatus status,
            Known known,
            Gates gates,
            Instant now) {
        if (claim == null) { // absence is no proof of anything, unless all is given back
            return row != null && row.state() == AllocationState.RELEASED
                    ? Optional.of(new AllocationCommand.Forget(key))
                    : Optional.empty();
        }
        boolean released = row == null || row.state() == AllocationState.RELEASED;
        boolean sameUid = row != null && row.serviceUid().equals(claim.serviceUid());
        if (claim.state() == ClaimState.WANTED) {
            if (row != null && released && sameUid && row.incarnation() >= claim.incarnation()) {
                return Optional.empty(); // an old claim of something already given back
            }
            if (row == null || released || sameUid || holdsNothing(row)) {
                return Optional.of(new AllocationCommand.Claim(key, claim, status, known, gates, now));
            }
            return Optional.of(
                    isGone(status, row.serviceUid(), row.incarnation())
                            ? new AllocationCommand.Release(
                                    key, claim, row.serviceUid(), row.incarnation(), known, gates, now)
                            : new AllocationCommand.Withdraw(key));
        }
        if (claim.state() != ClaimState.WITHDRAWN) {
            return Optional.empty();
        }
        if (row != null && released && sameUid && row.incarnation() >= claim.incarnation()) {
            return Optional.empty();
        }
        long incarnation =
                released || row == null ? claim.incarnation() : Math.max(claim.incarnation(), row.incarnation());
        return Optional.of(
                isGone(status, claim.serviceUid(), incarnation)
                        ? new AllocationCommand.Release(
                                key, claim, claim.serviceUid(), claim.incarnation(), known, gates, now)
                        : new AllocationCommand.Withdraw(key));
    }

    /** The facts that follow from a command. */
    public static Decision decide(AllocationCommand command, Ledger ledger) {
        return switch (command) {
            case AllocationCommand.Claim claim -> claim(claim, ledger);
            case AllocationCommand.Withdraw(var key) ->
                ledger.row(key).isEmpty() || ledger.isWithdrawing(key)
                        ? Decision.NOTHING
                        : new Decision(List.of(new AllocationEvent.Withdrawn(key)), null, null);
            case AllocationCommand.Release release -> ReleaseDecision.decide(release, ledger);
            case AllocationCommand.Forget(var key) ->
                ledger.row(key).isEmpty()
                        ? Decision.NOTHING
                        : new Decision(List.of(new AllocationEvent.Allocated(key, null, null)), null, null);
        };
    }

    /** The only way a ledger changes. */
    public static void evolve(Ledger ledger, AllocationEvent event) {
        switch (event) {
            case AllocationEvent.Allocated(var key, var row, var claim) ->
                ledger.allocated(key, row == null ? null : Entry.of(key, row, claim, ledger.rules()));
            case AllocationEvent.Withdrawn(var key) -> ledger.withdrawn(key);
            case AllocationEvent.Rested(var pool, var address, var lastHolder, var until, var kept) ->
                ledger.rested(address, new Quarantine.Rest(pool, lastHolder, until, kept));
            case AllocationEvent.RestEnded(var _, var address) -> ledger.restEnded(address);
            case AllocationEvent.Observed(var key, var status) -> ledger.observed(key, places(status));
            case AllocationEvent.NeutronRead(var facts) -> ledger.neutronRead(facts);
            case AllocationEvent.TimePassed(var now) -> ledger.wake(now);
        }
    }

    private static Decision claim(AllocationCommand.Claim command, Ledger ledger) {
        var claim = command.claim();
        var before = ledger.row(command.key()).orElse(null);
        var row = before != null
                        && before.state() != AllocationState.RELEASED
                        && before.serviceUid().equals(claim.serviceUid())
                ? before
                : null;
        var first = row == null ? null : row.firstClaimedEpochMillis();
        long firstClaimed = first == null ? command.now().toEpochMilli() : first;
        var vips = VipDecision.decide(command, row, firstClaimed, ledger);
        var denial = vips.denial();
        var externals = ExternalDecision.decide(command, row, vips.vips(), denial, firstClaimed, ledger);
        if (!externals.isSettled()) {
            return new Decision(List.of(), externals.step(), externals.again());
        }
        var after = new AddressAllocation(
                vips.vips().isEmpty() && denial != null ? denial.state() : AllocationState.GRANTED,
                claim.clusterUid(),
                claim.serviceUid(),
                claim.incarnation(),
                claim.generation(),
                claim.provider(),
                vips.vips(),
                vips.vrrpPorts(),
                steady(row, externals.externals()),
                externals.lettingGo(),
                vips.vips().isEmpty() && denial != null ? denial.reason() : null,
                denial == null ? "" : steady(row, denial),
                firstClaimed);
        var events = new ArrayList<AllocationEvent>();
        if (!after.equals(before)) {
            events.add(new AllocationEvent.Allocated(command.key(), after, claim));
        }
        events.addAll(rests(command.key(), externals.gone(), command.now(), ledger.rules()));
        events.addAll(restsEnded(externals.externals(), ledger));
        return new Decision(events, externals.step(), externals.again());
    }

    /** The addresses of pools among those given back rest, or are kept. */
    static List<AllocationEvent> rests(ServiceKey key, List<GrantedExternal> gone, Instant now, Rules rules) {
        var rests = new ArrayList<AllocationEvent>();
        for (var external : gone) {
            var text = external.address();
            if (text == null || external.pool().isEmpty()) {
                continue;
            }
            var address = IpAddress.of(text);
            rules.home(external.pool(), address).ifPresent(pool -> {
                if (external.keep()) {
                    var keepFor = pool.terms().keepFor();
                    var until = keepFor == null ? Quarantine.NEVER : now.plus(keepFor);
                    var kept = new Kept(external.floatingIpId(), external.floatingNetworkId());
                    rests.add(new AllocationEvent.Rested(pool.name(), address, key, until, kept));
                } else if (!pool.rest().isZero()) {
                    rests.add(new AllocationEvent.Rested(pool.name(), address, key, now.plus(pool.rest()), null));
                }
            });
        }
        return rests;
    }

    /** What rested until now, and is granted to its last holder again. */
    private static List<AllocationEvent> restsEnded(List<GrantedExternal> externals, Ledger ledger) {
        var ended = new ArrayList<AllocationEvent>();
        for (var external : externals) {
            var address = external.address();
            if (address != null) {
                ledger.quarantine()
                        .at(IpAddress.of(address))
                        .ifPresent(
                                rest -> ended.add(new AllocationEvent.RestEnded(rest.pool(), IpAddress.of(address))));
            }
        }
        return ended;
    }

    private static String steady(@Nullable AddressAllocation row, Denial denial) {
        return row != null && row.reason() == denial.reason() && COUNTING.contains(denial.reason())
                ? row.message()
                : denial.message();
    }

    private static List<GrantedExternal> steady(@Nullable AddressAllocation row, List<GrantedExternal> externals) {
        if (row == null) {
            return externals;
        }
        return externals.stream()
                .map(external -> {
                    var reason = external.reason();
                    return reason == null || !COUNTING.contains(reason)
                            ? external
                            : row.externals().stream()
                                    .filter(before -> before.reason() == reason
                                            && before.method() == external.method()
                                            && before.family() == external.family()
                                            && before.ours() == external.ours()
                                            && before.pool().equals(external.pool()))
                                    .findFirst()
                                    .orElse(external);
                })
                .toList();
    }

    static boolean holdsNothing(AddressAllocation row) {
        return row.vips().isEmpty()
                && row.lettingGo().isEmpty()
                && row.externals().stream()
                        .noneMatch(external -> external.state() == AllocationState.GRANTED || external.ours());
    }

    private static boolean isGone(@Nullable LoadBalancerStatus status, String serviceUid, long incarnation) {
        return status != null
                && status.phase() == LoadBalancerPhase.DELETED
                && status.reason() != StatusReason.ABANDONED // it is there, and so are its addresses
                && status.serviceUid().equals(serviceUid)
                && status.incarnation() >= incarnation;
    }

    /** Whether octavia has no load balancer, as far as it has said; one that a person gave up on is there. */
    public static boolean isNothingThere(@Nullable LoadBalancerStatus status) {
        return status == null || (NOTHING_THERE.contains(status.phase()) && status.reason() != StatusReason.ABANDONED);
    }

    private static Set<Ledger.Place> places(@Nullable LoadBalancerStatus status) {
        var places = new HashSet<Ledger.Place>();
        if (status == null || isNothingThere(status)) {
            return places;
        }
        status.loadBalancers().stream()
                .flatMap(balancer -> balancer.vips().stream())
                .forEach(vip -> IpAddress.parse(vip.address())
                        .ifPresent(address -> places.add(new Ledger.Place(vip.subnetId(), address))));
        status.externals()
                .forEach(external -> IpAddress.parse(external.address())
                        .ifPresent(address -> places.add(new Ledger.Place("", address))));
        return places;
    }
}
