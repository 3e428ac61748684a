package io.ballast.ipam.allocation;

import io.ballast.ipam.allocation.Ledger.Place;
import io.ballast.schemas.contract.AllocationReason;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.ExternalClaim;
import io.ballast.schemas.contract.ExternalMethod;
import io.ballast.schemas.contract.GrantedExternal;
import io.ballast.schemas.contract.GrantedVip;
import io.ballast.schemas.contract.IpAddress;
import io.ballast.schemas.contract.IpFamily;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One external address for a claim that does not have it yet. */
final class ExternalChoice {
    /**
     * What was chosen: granted, or waiting or refused.
     *
     * @param step what to ask first; null for nothing
     * @param again when to look once more; null for never
     * @param rests a floating IP of ours that will be granted once it has rested; null for none
     */
    record Chosen(
            GrantedExternal external,
            @Nullable Step step,
            @Nullable Instant again,
            @Nullable FloatingIp rests) {
        Chosen(GrantedExternal external, @Nullable Step step, @Nullable Instant again) {
            this(external, step, again, null);
        }
    }

    private final AllocationCommand.Claim command;
    private final List<GrantedVip> vips;
    private final @Nullable Denial vipDenial;
    private final long firstClaimed;
    private final String identity;
    private final Set<String> ended;
    private final Ledger ledger;

    /** @param ended ids of floating IPs that are never granted again */
    ExternalChoice(
            AllocationCommand.Claim command,
            List<GrantedVip> vips,
            @Nullable Denial vipDenial,
            long firstClaimed,
            String identity,
            Set<String> ended,
            Ledger ledger) {
        this.command = command;
        this.vips = vips;
        this.vipDenial = vipDenial;
        this.firstClaimed = firstClaimed;
        this.identity = identity;
        this.ended = ended;
        this.ledger = ledger;
    }

    Chosen choose(ExternalClaim wanted, List<GrantedExternal> sofar) {
        if (vips.isEmpty()) {
            var reason = vipDenial == null ? AllocationReason.UNKNOWN : vipDenial.reason();
            return denied(wanted, "", Denial.waits(reason, "waits for the VIP"));
        }
        var closed = command.gates().closed(command.key().cluster());
        if (closed.isPresent()) {
            return denied(wanted, pool(wanted).map(Rules.ExternalPool::name).orElse(""), closed.get());
        }
        return wanted.method() == ExternalMethod.USER
                ? new UserChoice(command, vips, firstClaimed, identity, ended, ledger).choose(wanted)
                : ofPool(wanted, sofar);
    }

    /** Name of the pool that a floating network belongs to; empty when none does. */
    String poolOf(String networkId) {
        return ledger.rules().externals().stream()
                .map(Rules.ExternalPool::name)
                .filter(name -> Optional.ofNullable(ledger.facts().externals().get(name))
                        .filter(network -> network.networkId().equals(networkId))
                        .isPresent())
                .findFirst()
                .orElse("");
    }

    /** The same address under the name that its pool has now. */
    GrantedExternal atHome(GrantedExternal held) {
        var address = held.address();
        var network = held.floatingNetworkId();
        if (address == null || held.pool().isEmpty()) {
            return held;
        }
        var rules = ledger.rules();
        var home = network == null
                ? rules.home(held.pool(), IpAddress.of(address))
                        .filter(pool -> pool.contains(IpAddress.of(address)))
                        .map(Rules.ExternalPool::name)
                : rules.external(held.pool()).map(Rules.ExternalPool::name).or(() -> Optional.of(poolOf(network)));
        return home.filter(name -> !name.isEmpty() && !name.equals(held.pool()))
                .map(held::inPool)
                .orElse(held);
    }

    /** Whether a floating IP is kept for this Service. */
    boolean isKeptForUs(FloatingIp each) {
        return ledger.quarantine()
                .at(each.address())
                .filter(rest -> rest.isKeptFor(command.key(), command.now()))
                .isPresent();
    }

    /** Whether an address is from where it is wanted. An edit of pools never moves it: only another claim may. */
    boolean isFrom(ExternalClaim wanted, GrantedExternal has) {
        var pools = ledger.rules().externals();
        return isAnswered(has)
                || pools.stream().anyMatch(pool -> pool.name().equals(has.pool()) && pool.isNamed(wanted))
                || pools.stream().noneMatch(pool -> pool.isNamed(wanted));
    }

    /** Whether this very claim was answered with the address. */
    private boolean isAnswered(GrantedExternal has) {
        var claim = command.claim();
        return ledger.row(command.key()).stream()
                .filter(row -> row.serviceUid().equals(claim.serviceUid())
                        && row.incarnation() == claim.incarnation()
                        && row.claimGeneration() == claim.generation())
                .flatMap(row -> row.externals().stream())
                .anyMatch(external -> external.state() == AllocationState.GRANTED
                        && Objects.equals(external.address(), has.address()));
    }

    private Optional<Rules.ExternalPool> pool(ExternalClaim wanted) {
        return ledger.rules().external(command.key(), command.claim(), wanted);
    }

    // --- by pool

    private Chosen ofPool(ExternalClaim wanted, List<GrantedExternal> sofar) {
        var pool = pool(wanted);
        if (pool.isEmpty()) {
            return denied(wanted, "", noPool(wanted));
        }
        return pool.get().isFloating() ? floating(wanted, pool.get(), sofar) : plain(wanted, pool.get(), sofar);
    }

    private Denial noPool(ExternalClaim wanted) {
        var named = (wanted.pool() == null ? "" : " named '" + wanted.pool() + "'")
                + (wanted.network() == null ? "" : " of network '" + wanted.network() + "'")
                + (wanted.subnet() == null ? "" : " of subnet '" + wanted.subnet() + "'");
        boolean floating = ledger.rules().hasFloating(command.key(), command.claim(), wanted.pool());
        if (wanted.family() == IpFamily.IPV6 && floating) {
            return Denial.refused(
                    AllocationReason.EXTERNAL_FAMILY_UNSUPPORTED,
                    "Neutron has no IPv6 floating IPs; configure an external pool%s with IPv6 ranges that are routed to the VIP subnet"
                            .formatted(named));
        }
        return Denial.refused(
                AllocationReason.NO_EXTERNAL_POOL,
                "no external pool%s for %s serves namespace %s of cluster %s; configured are: %s"
                        .formatted(
                                named,
                                wanted.family(),
                                command.key().namespace(),
                                command.key().cluster(),
                                ledger.rules().externals().isEmpty()
                                        ? "none"
                                        : String.join(
                                                ", ",
                                                ledger.rules().externals().stream()
                                                        .map(Rules.ExternalPool::name)
                                                        .toList())));
    }

    private Chosen plain(ExternalClaim wanted, Rules.ExternalPool pool, List<GrantedExternal> sofar) {
        for (var seen : ledger.observedAddresses(command.key())) {
            if (pool.contains(seen) && isUntaken(seen, sofar)) {
                return granted(wanted, seen, null, null, pool.name(), false);
            }
        }
        for (var kept : ledger.quarantine().keptFor(command.key(), pool.name(), command.now())) {
            if (isUntaken(kept.getKey(), sofar)) {
                return granted(wanted, kept.getKey(), null, null, pool.name(), false);
            }
        }
        var barred = PoolLimits.barred(pool, command, firstClaimed, ledger);
        if (barred.isPresent()) {
            return denied(wanted, pool.name(), barred.get());
        }
        var free = ledger.free(pool.name());
        var lowest = free.first(address -> !isUntaken(address, sofar));
        var line = Entry.externalLine(pool.name());
        if (lowest.isPresent() && ledger.isReached(line, command.key(), firstClaimed, 1, free.size())) {
            return granted(wanted, lowest.get(), null, null, pool.name(), false);
        }
        var resting = ledger.quarantine().in(pool.name());
        var denial = Denial.waits(
                AllocationReason.EXTERNAL_POOL_EXHAUSTED,
                "external pool '%s' has no address left: %d are granted, %d rest after release, %d Services wait; delete Services or widen the pool"
                        .formatted(
                                pool.name(), ledger.usage().of(pool.name()), resting.size(), ledger.waitingIn(line)));
        return new Chosen(
                denial(wanted, pool.name(), denial),
                null,
                ledger.nextRested(pool.name()).orElse(null));
    }

    private boolean isUntaken(IpAddress address, List<GrantedExternal> sofar) {
        return ledger.rival(command.key(), new Place("", address)).isEmpty()
                && sofar.stream().noneMatch(other -> address.toString().equals(other.address()));
    }

    private Chosen floating(ExternalClaim wanted, Rules.ExternalPool pool, List<GrantedExternal> sofar) {
        var network = ledger.facts().externals().get(pool.name());
        if (network == null || !network.external()) {
            return denied(wanted, pool.name(), unusable(pool, network));
        }
        if (isUnreachable(network)) {
            return denied(
                    wanted,
                    pool.name(),
                    Denial.waits(
                            AllocationReason.NO_ROUTER_PATH,
                            "no router leads from the VIP subnet to external network %s; mend it with: openstack router set --external-gateway %s ROUTER"
                                    .formatted(network.name(), network.networkId())));
        }
        var ours = command.known().ours();
        var denied = command.known().denied();
        if (ours == null) {
            return denied == null
                    ? making(wanted, pool.name(), new Step.LookForOurs(identity))
                    : again(wanted, pool.name(), denied, command.now());
        }
        var there = ours.stream()
                .filter(each -> each.networkId().equals(network.networkId()) && isUntaken(each.address(), sofar))
                .filter(each -> !ended.contains(each.id()))
                .findFirst();
        if (there.isPresent()) {
            return adopt(wanted, pool, there.get());
        }
        if (denied != null) {
            return again(wanted, pool.name(), denied, command.now());
        }
        var kept = takeBack(wanted, pool, sofar);
        if (kept.isPresent()) {
            return kept.get();
        }
        var barred = PoolLimits.barred(pool, command, firstClaimed, ledger);
        if (barred.isPresent()) {
            return denied(wanted, pool.name(), barred.get());
        }
        var line = Entry.externalLine(pool.name());
        if (!ledger.isReached(line, command.key(), firstClaimed, 1, 1)) {
            return denied(
                    wanted,
                    pool.name(),
                    Denial.waits(
                            AllocationReason.EXTERNAL_POOL_EXHAUSTED,
                            "external pool '%s' has no address left and %d Services wait; the first of them is served first"
                                    .formatted(pool.name(), ledger.waitingIn(line))));
        }
        var make = new Step.Make(identity, network.networkId(), network.subnetIds(), wanted.project());
        return making(wanted, pool.name(), make);
    }

    /** The floating IP that was kept for this Service, if it is still there and nobody uses it. */
    private Optional<Chosen> takeBack(ExternalClaim wanted, Rules.ExternalPool pool, List<GrantedExternal> sofar) {
        for (var kept : ledger.quarantine().keptFor(command.key(), pool.name(), command.now())) {
            var seen = command.known().byAddress().get(kept.getKey());
            if (!isUntaken(kept.getKey(), sofar)) {
                continue;
            }
            if (seen == null) {
                return Optional.of(making(wanted, pool.name(), new Step.LookAt(kept.getKey())));
            }
            var project = wanted.project();
            if (seen.filter(found ->
                            found.isFree() && found.wasMadeFor(command.claim().clusterUid(), command.key()))
                    .filter(found -> project == null || project.equals(found.projectId()))
                    .isPresent()) {
                return Optional.of(making(wanted, pool.name(), new Step.Take(seen.get(), identity)));
            }
        }
        return Optional.empty();
    }

    private static Denial unusable(Rules.ExternalPool pool, NeutronFacts.@Nullable ExternalNetwork network) {
        return network == null
                ? Denial.waits(
                        AllocationReason.OPENSTACK_REFUSED,
                        "the floating network of external pool '%s' (network %s, subnets %s) does not exist in Neutron or is not visible"
                                .formatted(pool.name(), pool.network(), pool.subnets()))
                : Denial.waits(
                        AllocationReason.OPENSTACK_REFUSED,
                        "network %s of external pool '%s' is not external; mend it with: openstack network set --external %s"
                                .formatted(network.name(), pool.name(), network.networkId()));
    }

    private boolean isUnreachable(NeutronFacts.ExternalNetwork network) {
        return vips.stream()
                .filter(vip -> vip.family() == IpFamily.IPV4)
                .flatMap(vip -> ledger.facts().subnets().values().stream()
                        .filter(subnet -> subnet.id().equals(vip.subnetId())))
                .anyMatch(subnet -> NeutronFacts.path(subnet, network.networkId()) == NeutronFacts.RouterPath.ABSENT);
    }

    private Chosen adopt(ExternalClaim wanted, Rules.ExternalPool pool, FloatingIp found) {
        var rest = ledger.quarantine()
                .at(found.address())
                .filter(resting -> found.isFree() && !resting.lastHolder().equals(command.key()))
                .filter(resting -> resting.until().isAfter(command.now()));
        if (rest.isPresent()) {
            var waits = intent(
                    wanted,
                    pool.name(),
                    AllocationReason.EXTERNAL_QUARANTINED,
                    quarantined(found.address(), rest.get()));
            return new Chosen(waits, null, rest.get().until(), found);
        }
        return granted(wanted, found.address(), found.id(), found.networkId(), pool.name(), true);
    }

    static String quarantined(IpAddress address, Quarantine.Rest rest) {
        if (rest.kept() != null) {
            return "%s is kept for %s".formatted(address, rest.lastHolder());
        }
        return "%s rests after its release by %s until %s".formatted(address, rest.lastHolder(), rest.until());
    }

    // --- answers

    static Chosen again(ExternalClaim wanted, String pool, Denial denial, Instant now) {
        return new Chosen(denial(wanted, pool, denial), null, now.plus(ExternalDecision.LOOK_AGAIN));
    }

    static Chosen denied(ExternalClaim wanted, String pool, Denial denial) {
        return new Chosen(denial(wanted, pool, denial), null, null);
    }

    /** Not there yet, and there will be a floating IP of ours, or is already: kept in mind until it is granted or gone. */
    static Chosen making(ExternalClaim wanted, String pool, Step step) {
        return new Chosen(intent(wanted, pool, null, "a floating IP is being made"), step, null);
    }

    private static GrantedExternal intent(
            ExternalClaim wanted, String pool, @Nullable AllocationReason reason, String message) {
        return new GrantedExternal(
                wanted.family(),
                wanted.method(),
                AllocationState.WAITING,
                null,
                null,
                null,
                pool,
                true,
                reason,
                message);
    }

    static GrantedExternal denial(ExternalClaim wanted, String pool, Denial denial) {
        return new GrantedExternal(
                wanted.family(),
                wanted.method(),
                denial.state(),
                null,
                null,
                null,
                pool,
                false,
                denial.reason(),
                denial.message());
    }

    static Chosen granted(
            ExternalClaim wanted,
            IpAddress address,
            @Nullable String floatingIpId,
            @Nullable String networkId,
            String pool,
            boolean ours) {
        return new Chosen(
                new GrantedExternal(
                        wanted.family(),
                        wanted.method(),
                        AllocationState.GRANTED,
                        address.toString(),
                        floatingIpId,
                        networkId,
                        pool,
                        ours,
                        null,
                        "",
                        wanted.keep()),
                null,
                null);
    }
}
